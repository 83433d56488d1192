// A hearth and a stranger beside it, and what people of the hearth do in the
// journeys between the two.
import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort, picture, plainPhone, say, startHearth, startStranger, until, variants, visit } from './harness.mjs'
import { admin, place, signIn } from './steps.mjs'

const scripts = fileURLToPath(new URL('../scripts/', import.meta.url))

// meetings are what to run a journey with: each database, of which `make e2e`
// brings both, and each way that the stranger may sign first. Neither changes
// anything about the other, so that each is met once.
export const meetings = [
  { engine: 'sqlite', knock: 'rfc9421' },
  { engine: process.env.HEARTH_TEST_POSTGRES ? 'postgres' : 'sqlite', knock: 'cavage' },
]

// meet runs a journey's steps in their order on an engine: between oak, a hearth
// that talks with everybody, and the stranger, who signs first as knock says.
// people are of oak, by the name that the steps know them by, as steps.mjs's
// signIn takes them; keeper is its admin. Where a step fails, the later ones are
// left out, and what was seen by everybody is shown.
export async function meet(t, { browser, engine, knock, people, journey }) {
  const [oak, stranger] = await Promise.all([startOak(t, engine, Object.values(people)), startBeside(t, knock)])
  const names = Object.entries({ keeper: admin, ...people })
  const visitors = Object.fromEntries(await Promise.all(names.map(async ([name, who]) => [name, await comeIn(t, browser, oak, { engine, ...who })])))
  for (const [name, step] of Object.entries(journey({ oak, stranger, knock, ...visitors }))) {
    let done = false
    await t.test(name, async () => {
      await step()
      done = true
    })
    if (!done) return tellAll(t, { oak, stranger, visitors })
  }
  for (const { blameless } of Object.values(visitors)) blameless()
  const refused = (await stranger.do('heard')).filter(({ method, status, unwanted }) => method === 'POST' && status >= 400 && !unwanted)
  assert.deepEqual(refused, [], 'what Fedify refused of what Hearth sent')
  assert.deepEqual(await stranger.do('unbelieved'), [], 'what of Fedify was not verified, in the way it signed first')
}

async function startBeside(t, knock) {
  const stranger = await startStranger(knock)
  t.after(stranger.stop)
  return stranger
}

async function tellAll(t, { oak, stranger, visitors }) {
  for (const [name, visitor] of Object.entries(visitors)) t.diagnostic(`${name} saw ${await picture(visitor, `neighbours-failed-${name}`)}`)
  for (const heard of (await stranger.do('heard')).slice(-10)) t.diagnostic(`the stranger heard ${JSON.stringify(heard)}`)
  t.diagnostic(`oak's last lines:\n${oak.output().split('\n').slice(-30).join('\n')}`)
}

// startOak starts a hearth at oak.localhost, set up and with people.
async function startOak(t, engine, people) {
  const port = await freePort()
  const flags = engine === 'postgres' ? ['--database', await postgresDatabase(t)] : []
  const add = people.map(({ login, name, password }) => ['user', 'add', login, '--public-name', name, '--password', password])
  const hearth = await startHearth({
    flags, port, env: { HEARTH_DOMAIN: `oak.localhost:${port}` }, before: [[
      'setup', '--login', admin.login, '--public-name', admin.name, '--password', admin.password,
      '--name', place.name, '--purpose', place.purpose, '--contact', place.contact, '--front-door', 'open',
    ], ...add],
  })
  t.after(hearth.stop)
  return hearth
}

// postgresDatabase is an empty one, dropped when the test has ended.
async function postgresDatabase(t) {
  const url = new URL(process.env.HEARTH_TEST_POSTGRES)
  const server = ['--maintenance-db', url.href]
  const name = `hearth_e2e_${randomBytes(8).toString('hex')}`
  const run = promisify(execFile)
  await run(postgresProgram('createdb'), [...server, name])
  t.after(() => run(postgresProgram('dropdb'), [...server, '--force', name]))
  url.pathname = `/${name}`
  return url.href
}

function postgresProgram(name) {
  try {
    return `${execFileSync(`${scripts}postgres-bin`, { encoding: 'utf8' }).trim()}/${name}`
  } catch {
    return name // where only the client's programs are installed
  }
}

// devices are what people have in a journey on an engine: so that its pages are
// looked at on a phone in the light, and at a desk in the dark.
const devices = { sqlite: plainPhone, postgres: variants.find((variant) => variant.name === 'desk-dark-scripts') }

// comeIn is somebody, signed in.
async function comeIn(t, browser, hearth, who) {
  const visitor = await visit(browser, devices[who.engine])
  t.after(visitor.leave)
  await signIn(visitor, hearth, who)
  await visitor.page.waitForURL(`${hearth.base}/home`)
  return visitor
}

// makeGroup makes a group that is open to everybody everywhere, asking or not,
// and resolves with the address of its page.
export async function makeGroup({ page }, hearth, { title, name, question }) {
  await page.goto(`${hearth.base}/groups/new`)
  await page.getByRole('link', { name: say('group_kind.no') }).click()
  const fill = (key, words) => page.getByRole('textbox', { name: say(key) }).fill(words)
  const choose = (key) => page.getByLabel(say(key), { exact: true }).check()
  await fill('group_form.title', title)
  await fill('group_form.purpose', `${title}, and nothing else.`)
  await page.getByLabel(say('group_form.situation')).selectOption('caring')
  await choose('group_form.handle.own')
  await fill('group_form.name', name)
  await fill('group_form.rules', 'Listen first.')
  await choose(question ? 'group_form.joining.asked' : 'group_form.joining.open')
  if (question) await fill('group_form.question', question)
  await choose('group_form.readers.anyone')
  await choose('group_form.reach.anywhere')
  await choose('group_form.listed.yes')
  for (const box of await page.getByRole('checkbox').all()) await box.check()
  const begin = page.getByRole('button', { name: say('groups.make') })
  await begin.click()
  if (question) { // who may write is one thing, who may read another: it asks whether that is meant
    await page.getByRole('link', { name: say('group_form.advice.asked_anyone') }).waitFor()
    await begin.click()
  }
  await page.getByRole('status').getByText(say('groups.made')).waitFor()
  return page.url()
}

// join joins a group by its door, agreeing to all that it asks.
export async function join({ page }, groupURL) {
  await page.goto(`${groupURL}/join`)
  for (const box of await page.getByRole('checkbox').all()) await box.check()
  await page.getByRole('button', { name: say('group_join.do'), exact: true }).click()
  await page.waitForURL((url) => !url.pathname.endsWith('/join'))
}

// writeThread writes in a group, and resolves with the address of the thread.
export async function writeThread({ page }, groupURL, { title, text }) {
  await page.goto(groupURL)
  await page.getByRole('link', { name: say('group_page.write') }).click()
  await page.getByLabel(say('editor.title')).fill(title)
  await page.getByRole('textbox', { name: say('editor.text') }).fill(text)
  await page.getByRole('button', { name: say('editor.send'), exact: true }).click()
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
  return page.url()
}

// reply answers at the end of a thread.
export async function reply({ page }, threadURL, text) {
  await page.goto(threadURL)
  await page.getByRole('textbox', { name: say('thread.your_reply') }).fill(text)
  await page.getByRole('button', { name: say('editor.reply'), exact: true }).click()
  await page.getByText(text).waitFor()
}

// openMenu opens a post's menu and follows a link in it.
export async function openMenu({ page }, threadURL, words, key) {
  await page.goto(threadURL)
  const post = page.getByRole('article').filter({ hasText: words })
  await post.locator('summary').filter({ hasText: say('post.more') }).click()
  await post.getByRole('link', { name: say(key), exact: true }).click()
}

// sees loads a page again and again until it says something.
export function sees({ page }, url, words) {
  return until(`${words} on ${url}`, async () => {
    await page.goto(url)
    return await page.getByText(words).count() > 0
  })
}

// misses loads a page again and again until it no longer says something.
export function misses({ page }, url, words) {
  return until(`${words} gone from ${url}`, async () => {
    await page.goto(url)
    return await page.getByText(words).count() === 0
  })
}
