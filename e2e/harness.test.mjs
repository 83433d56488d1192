// The harness is worth what it catches: each of its checks is shown a page
// that it has to pass and one that it has to fail.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { accessible, fitsWidth, look, notPages, paint, picture, routesOf, startBrowser, startStranger, unseen, until, variants, visit, weigh, widths, withinBudget } from './harness.mjs'

const style = 'body { color: #111; background: #fff } @media (prefers-color-scheme: dark) { body { color: #eee; background: #111 } }'
const script = 'document.querySelector("output").textContent = "enhanced"'
const jump = 'const frame = () => new Promise(requestAnimationFrame); await frame(); await frame(); document.querySelector("#late").style.height = "200px"'
const filler = Array.from({ length: 40_000 }, (_, i) => (i * 2654435761 % 4294967296).toString(36)).join(' ')

const page = (body) => `<!doctype html><html lang="en"><head><title>A page</title><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"><script type="module" src="/script.js"></script></head>
<body><main><h1>A page</h1><output>plain</output>${body}</main></body></html>`

const routes = {
  '/good': ['text/html', page('<p>Some words.</p>')],
  '/nameless': ['text/html', page('<p>Some words.</p><input>')],
  '/wide': ['text/html', page('<p style="inline-size: 400px">Some words.</p>')],
  '/heavy': ['text/html', page(`<p>${filler}</p>`)],
  '/jumpy': ['text/html', page('<p id="late"></p><p>Some words.</p><script type="module" src="/jump.js"></script>')],
  '/foreign': ['text/html', page('<img alt="" src="http://localhost:1/picture.png">')],
  '/broken': ['text/html', page('<script type="module">throw new Error("broken")</script>')],
  '/style.css': ['text/css', style],
  '/jump.js': ['text/javascript', jump],
  '/script.js': ['text/javascript', script],
}

let browser, server, base

before(async () => {
  server = createServer(answer).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  base = `http://127.0.0.1:${server.address().port}`
  browser = await startBrowser()
})

after(async () => {
  await browser?.close()
  server.closeAllConnections()
  server.close()
})

function answer(request, response) {
  const [type, body] = routes[request.url] ?? ['text/plain', 'nothing here']
  response.writeHead(routes[request.url] ? 200 : 404, {
    'Content-Type': type,
    'Content-Encoding': 'gzip',
    'Cache-Control': type === 'text/html' ? 'no-store' : 'max-age=3600',
  })
  response.end(gzipSync(body))
}

async function visiting(t, variant) {
  const visitor = await visit(browser, variant)
  t.after(visitor.leave)
  return visitor
}

for (const variant of variants) {
  test(`a good page passes every check for ${variant.name}`, async (t) => {
    const visitor = await visiting(t, variant)
    await visitor.page.goto(`${base}/good`)
    await accessible(visitor)
    await fitsWidth(visitor)
    visitor.blameless()
    assert.equal(await visitor.page.textContent('output'), variant.scripts ? 'enhanced' : 'plain')
    assert.equal(await visitor.page.evaluate(() => innerWidth), widths[variant.width])
    assert.equal(await visitor.page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches), variant.scheme === 'dark')
  })

}

for (const variant of variants.slice(0, 2)) {
  test(`a field without a name is found for ${variant.name}`, async (t) => {
    const visitor = await visiting(t, variant)
    await visitor.page.goto(`${base}/nameless`)
    await assert.rejects(accessible(visitor), /label: .*: input/)
  })
}

test('scripts stay off after axe has looked', async (t) => {
  const visitor = await visiting(t)
  await visitor.page.goto(`${base}/good`)
  await accessible(visitor)
  await visitor.page.reload()
  assert.equal(await visitor.page.textContent('output'), 'plain')
})

test('a page wider than the phone is found', async (t) => {
  const visitor = await visiting(t)
  await visitor.page.goto(`${base}/wide`)
  await assert.rejects(fitsWidth(visitor), /of 320 pixels/)
})

test('a request to another server is found', async (t) => {
  const visitor = await visiting(t)
  await visitor.page.goto(`${base}/foreign`)
  assert.throws(visitor.blameless, /foreign: http:\/\/localhost:1\/picture\.png/)
})

test('an error in a script is found', async (t) => {
  const visitor = await visiting(t, variants[0])
  await visitor.page.goto(`${base}/broken`)
  assert.throws(visitor.blameless, /script: broken/)
})

test('a page is weighed compressed, and lighter the second time', async (t) => {
  const { first, again } = await weigh(await visiting(t, variants[0]), `${base}/good`)
  withinBudget({ first, again })
  assert.ok(first.html < 1000 && first.css > 0 && first.js > 0, `got ${JSON.stringify(first)}`)
  assert.equal(first.total, first.html + first.css + first.js)
  assert.equal(again.total, again.html, 'style and script come from the cache')
})

test('a page over its budget is found', async (t) => {
  const weight = await weigh(await visiting(t, variants[0]), `${base}/heavy`)
  assert.throws(() => withinBudget(weight), /first visit: got \d+ bytes/)
})

test('a page is timed on a slow phone', async (t) => {
  const { largest, shift } = await paint(await visiting(t, variants[0]), `${base}/good`)
  assert.ok(largest > 300, `got ${largest} ms, want at least two round trips`)
  assert.equal(shift, 0)
})

test('a page that jumps after its first paint is found', async (t) => {
  const { shift } = await paint(await visiting(t, variants[0]), `${base}/jumpy`)
  assert.ok(shift > 0.01, `got ${shift}`)
})

test('a picture is kept', async (t) => {
  const visitor = await visiting(t)
  await visitor.page.goto(`${base}/good`)
  assert.ok(existsSync(await picture(visitor, 'good')))
})

test('a page that cannot be used, or does not fit, is found by looking at it', async (t) => {
  const visitor = await visiting(t)
  await visitor.page.goto(`${base}/nameless`)
  await assert.rejects(look(visitor, 'nameless'), /label: /)
  await visitor.page.goto(`${base}/wide`)
  await assert.rejects(look(visitor, 'wide'), /of 320 pixels/)
  await visitor.page.goto(`${base}/good`)
  await look(visitor, 'good')
  assert.deepEqual(visitor.shown(), { method: 'GET', path: '/good', status: 200 })
})

test('a page that nobody looked at on a phone is found', () => {
  const routes = ['/g/:name', '/g/:id', '/g/:name/join', '/groups', '/groups/new', '/p/:id']
  const looked = (path, status = 200, width = widths.phone) => ({ method: 'GET', path, status, width })
  assert.deepEqual(unseen(routes, []), routes)
  assert.deepEqual(unseen(routes, [looked('/g/walks'), looked('/groups/new')]), ['/g/:name/join', '/groups', '/p/:id'])
  const notReally = [looked('/p/1', 404), looked('/p/1', 403), looked('/p/1', 200, widths.desk), { ...looked('/p/1', 422), method: 'POST' }]
  assert.deepEqual(unseen(['/p/:id'], notReally), ['/p/:id'])
  assert.deepEqual(unseen(['/p/:id'], [looked('/p/1', 422)]), [])
})

test('the pages are those that people ask for', () => {
  const routes = routesOf(readFileSync(new URL('../web/testdata/statuses.txt', import.meta.url), 'utf8'))
  for (const page of ['/', '/g/:name', '/p/:id/edit', '/mod/item/:id/send', '/left']) assert.ok(routes.includes(page), page)
  for (const other of ['/nodeinfo/2.0', '/p/:id/context', '/x/:id', ...notPages]) assert.ok(!routes.includes(other), other)
  assert.throws(() => routesOf('GET / 200'), /the table has/)
})

test('waiting ends with what came, or says what did not', async () => {
  const answers = ['', 0, null, 'here']
  assert.equal(await until('an answer', () => answers.shift()), 'here')
  await assert.rejects(until('an answer', () => '', 0), /^Error: an answer: not within 0 s$/)
})

test('what fails with the stranger fails here', async (t) => {
  const stranger = await startStranger()
  t.after(stranger.stop)
  assert.deepEqual(await stranger.do('mail'), [])
  await assert.rejects(stranger.do('followers', { name: 'nobody' }), /the stranger: TypeError/)
})
