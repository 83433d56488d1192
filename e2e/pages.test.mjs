// Every page that has an address of its own, for every way of visiting it.
// What has to be made first (a group, a thread) is looked at by the journey
// that makes it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { budgets, look, mixedVariants, paint, plainPhone, startBrowser, startHearth, variants, visit, weigh, withinBudget } from './harness.mjs'
import { setUp } from './steps.mjs'

const everybody = [
  '/', '/groups', '/help', '/help/GB', '/safety', '/rules', '/about', '/about/federation', '/about/privacy',
  '/report', '/report/receipt', '/join', '/join/receipt', '/leave/receipt', '/left/done', '/sign-in', '/nothing-here',
]
const members = [
  '/home', '/notices', '/drafts', '/groups/new', '/groups/asked',
  '/me', '/me/settings', '/me/about', '/me/password', '/me/devices', '/me/consents', '/me/export', '/me/leave',
]
const admins = [
  '/mod', '/mod/log', '/admin', '/admin/site', '/admin/registration', '/admin/invitations', '/admin/people', '/admin/groups',
  '/admin/federation', '/admin/federation/servers', '/admin/helplines',
]

// missing is where a page is meant to be answered with another status than 200.
const missing = { '/nothing-here': 404 }

// A person who needs help has to get it over any line.
const lighter = { '/help': { first: 30_000, again: 30_000, scripts: budgets.scripts } }

// What may pass before the page is there, on a slow phone, and the shift of
// what was there already.
const slowest = 1500
const stillness = 0.001

let browser, hearth, signedIn

before(async () => {
  browser = await startBrowser()
  hearth = await startHearth()
  const visitor = await visit(browser)
  await setUp(visitor, hearth)
  signedIn = { storageState: await visitor.page.context().storageState() }
  await visitor.leave()
})

after(async () => {
  await browser?.close()
  await hearth?.stop()
})

for (const variant of mixedVariants) {
  for (const [who, paths] of Object.entries({ everybody, members, admins })) {
    test(`pages for ${who}, ${variant.name}`, async (t) => {
      const visitor = await visit(browser, variant, who === 'everybody' ? {} : signedIn)
      t.after(visitor.leave)
      for (const path of paths) await t.test(path, () => goAndLook(visitor, path))
    })
  }
}

for (const path of everybody.filter((path) => !missing[path])) {
  test(`${path} is light and quick`, async (t) => {
    const fastest = variants.find((variant) => variant.name === 'phone-light-scripts')
    const first = await visit(browser, fastest)
    t.after(first.leave)
    const weight = await weigh(first, hearth.base + path)
    t.diagnostic(`${path}: ${weight.first.total} bytes at first, ${weight.again.total} after`)
    withinBudget(weight, lighter[path])

    const { largest, shift } = await quickestPaint(fastest, hearth.base + path)
    t.diagnostic(`${path}: largest paint after ${Math.round(largest)} ms`)
    assert.ok(largest < slowest, `largest paint: got ${largest} ms, want less than ${slowest}`)
    assert.ok(shift < stillness, `layout shift: got ${shift}, want none`)
  })
}

// quickestPaint looks again where a page was slow or moved, as a new visitor each
// time: what else the machine does can only make it slower, or have it painted
// in two halves. What moves of itself does so each time.
async function quickestPaint(variant, url, tries = 15) {
  const visitor = await visit(browser, variant)
  const found = await paint(visitor, url).finally(visitor.leave)
  if ((found.largest < slowest && found.shift < stillness) || tries === 1) return found
  return quickestPaint(variant, url, tries - 1)
}

test('the keyboard reaches everything that can be pressed, and shows where it is', async (t) => {
  const visitor = await visit(browser, plainPhone)
  t.after(visitor.leave)
  for (const path of everybody) await t.test(path, () => tabThrough(visitor.page, path))
})

async function goAndLook(visitor, path) {
  const response = await visitor.page.goto(hearth.base + path)
  assert.equal(response.status(), missing[path] ?? 200)
  await look(visitor, path === '/' ? 'welcome' : path.slice(1).replaceAll('/', '-'))
  visitor.blameless()
}

const pressable = 'a[href], button, input:not([type=hidden], [type=radio], [tabindex="-1"]), select, textarea, summary'

async function tabThrough(page, path) {
  await page.goto(hearth.base + path)
  await page.evaluate(() => document.activeElement?.blur())
  const wanted = await page.locator(pressable).count()
  const reached = new Set()
  for (let presses = 0; presses < wanted + 20; presses++) {
    await page.keyboard.press('Tab')
    const place = await page.evaluate(describeFocus, pressable)
    if (!place) continue
    assert.ok(place.visible, `the focus cannot be seen on ${place.html}`)
    reached.add(place.index)
  }
  const left = await page.locator(pressable).evaluateAll((all) => all.map((element) => element.outerHTML.slice(0, 80)))
  assert.deepEqual(left.filter((_, index) => !reached.has(index)), [], 'not reached')
}

function describeFocus(selector) {
  const element = document.activeElement
  const index = [...document.querySelectorAll(selector)].indexOf(element)
  if (index < 0) return undefined
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element)
  const ringed = (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none'
  const { width, height, bottom, right } = element.getBoundingClientRect()
  return { index, visible: ringed && width > 1 && height > 1 && bottom > 0 && right > 0, html: element.outerHTML.slice(0, 80) }
}
