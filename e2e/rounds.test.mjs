// Every page about something that has to be there first: a group, a post, a
// report, somebody who left. A place is filled once, and then its people go the
// rounds of what each of them can see.
import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { look, mixedVariants, plainPhone, say, startBrowser, startHearth, visit } from './harness.mjs'
import { join, makeGroup, openMenu, reply, writeThread } from './neighbours.mjs'
import { admin, place, signIn } from './steps.mjs'

const password = 'meadow orchard cloud'
const people = {
  rowan: { login: 'rowan-signs', name: 'slow-river', password }, // who writes
  maya: { login: 'maya-signs', name: 'soft-cloud', password }, // whom a group is offered to
  ash: { login: 'ash-signs', name: 'grey-pebble', password }, // who is paused
  fern: { login: 'fern-signs', name: 'green-lantern', password }, // who left
}

// Both are phones: what fits there fits everywhere.
const phones = mixedVariants.filter(({ width }) => width === 'phone')

let browser, hearth, signedIn, paths

before(async () => {
  browser = await startBrowser()
  hearth = await startHearth({ before: [[
    'setup', '--login', admin.login, '--public-name', admin.name, '--password', admin.password,
    '--name', place.name, '--purpose', place.purpose, '--contact', place.contact, '--front-door', 'open',
  ], ...Object.values(people).map(({ login, name }) => ['user', 'add', login, '--public-name', name, '--password', password])] })
  const visitors = {}
  for (const [name, who] of Object.entries({ keeper: admin, ...people })) {
    visitors[name] = await visit(browser, plainPhone)
    await signIn(visitors[name], hearth, who)
    await visitors[name].page.waitForURL(`${hearth.base}/home`)
  }
  paths = await fill(visitors)
  signedIn = {}
  for (const [name, visitor] of Object.entries(visitors)) {
    signedIn[name] = { storageState: await visitor.page.context().storageState() }
    visitor.blameless()
    await visitor.leave()
  }
})

after(async () => {
  await browser?.close()
  await hearth?.stop()
})

const press = ({ page }, key) => page.getByRole('button', { name: say(key), exact: true }).first().click()
const pathOf = async ({ page }, selector) => page.locator(selector).first().getAttribute('href')

// fill has everybody do what their pages are about, and resolves with whose
// pages are to be looked at.
async function fill({ keeper, rowan, maya, ash, fern }) {
  const groupURL = await makeGroup(keeper, hearth, { title: 'Night walks', name: 'walks' })
  for (const visitor of [rowan, maya, ash]) await join(visitor, groupURL)
  const group = new URL(groupURL).pathname
  const threadURL = await writeThread(rowan, groupURL, { title: 'Past midnight', text: 'The river was loud.' })
  const thread = new URL(threadURL).pathname
  await openMenu(rowan, threadURL, 'The river was loud.', 'post.edit')
  await rowan.page.getByRole('textbox', { name: say('editor.text') }).fill('The *river* was very loud.')
  await press(rowan, 'editor.save')
  await rowan.page.getByText(say('editor.saved')).waitFor()
  await reply(maya, threadURL, 'And the owls were out.')
  await reply(ash, threadURL, 'You walk too much.')

  await rowan.page.goto(`${groupURL}/new`)
  await rowan.page.getByRole('textbox', { name: say('editor.text') }).fill('Not yet.')
  await press(rowan, 'editor.keep')
  await rowan.page.goto(`${hearth.base}/drafts`)
  const draft = await pathOf(rowan, 'main h2 a')

  await rowan.page.goto(threadURL)
  const door = await rowan.page.getByRole('article').filter({ hasText: 'You walk too much.' }).locator('a[href^="/report?"]').first().getAttribute('href')
  await rowan.page.goto(hearth.base + door)
  const post = `/mod/post/${new URLSearchParams(door.slice(door.indexOf('?'))).get('post')}`
  await rowan.page.getByLabel(say('report.reason.unkind'), { exact: true }).check()
  await press(rowan, 'report.send')
  await rowan.page.getByText(say('report.state_open')).waitFor()
  await keeper.page.goto(`${hearth.base}/mod`)
  const report = (await pathOf(keeper, 'main a[href^="/mod/item/"]')).replace('/mod/item/', '/me/reports/')
  await rowan.page.goto(`${hearth.base}/me/blocks`)
  await rowan.page.getByLabel(say('block.server'), { exact: true }).fill('elm.example')
  await press(rowan, 'block.do')
  await rowan.page.getByText('elm.example').first().waitFor()

  await keeper.page.goto(`${hearth.base}/mod${group}`)
  await keeper.page.getByLabel(say('group_mod.offer'), { exact: true }).fill(people.maya.name)
  await press(keeper, 'group_mod.do_offer')
  await keeper.page.getByText(say('group_mod.offered_to', { Name: people.maya.name })).waitFor()
  await keeper.page.goto(`${hearth.base}/@${people.ash.name}`)
  const account = await pathOf(keeper, 'main a[href^="/mod/people/"]')
  await keeper.page.goto(`${hearth.base}/admin/people`)
  const user = await pathOf(keeper, 'main a[href^="/admin/people/"]')
  await hearth.run('user', 'suspend', people.ash.login, '--reason', 'A rest from all this.')
  const reset = new URL((await hearth.run('user', 'reset-link', people.maya.login)).trim()).pathname

  await fern.page.goto(`${hearth.base}/me/leave`)
  await fern.page.getByLabel(say('leave.password'), { exact: true }).fill(password)
  await press(fern, 'leave.do')
  await fern.page.getByText(say('leave_receipt.away')).waitFor()
  const left = new URL(fern.page.url()).pathname
  await signIn(fern, hearth, people.fern)
  await fern.page.waitForURL(`${hearth.base}/left`)

  const mod = `/mod${group}`
  const wider = 'sensitive=no&readers=instance&reach=nowhere&listed=no'
  return {
    nobody: [
      group, `${group}/new`, `${group}/rules`, `${group}/elsewhere`, thread, `${thread}/reply`, `${thread}/versions`,
      `/@${people.rowan.name}`, '/talk', '/search', reset, left,
    ],
    rowan: [
      thread, `${thread}/edit`, `${thread}/delete`, `${thread}/reply`, draft, report, `${group}/new`, `${group}/leave`, '/me/blocks', '/talk',
      `/@${people.rowan.name}`, `/@${people.maya.name}`, '/search?q=nothing+of+that', '/authorize_interaction?uri=nothing',
    ],
    maya: [`${group}/hand-over`, `${thread}/edit`],
    ash: ['/home', thread, `${group}/new`, '/me/paused'],
    fern: ['/left'],
    keeper: [
      `${thread}/lock`, mod, `${mod}/members`, `${mod}/audience?${wider}`, post, account, `/mod/log?group=walks`, user,
    ],
  }
}

// other is where a page is meant to be answered with another status than 200.
function other(who, address) {
  if (address.endsWith('/edit') && who === 'maya') return 403 // it is not hers
  if (address.endsWith('/new') && who === 'ash') return 403
  return address.startsWith('/authorize_') ? 422 : 200 // what cannot be found is said there
}

for (const variant of phones) {
  for (const who of ['nobody', ...Object.keys(people), 'keeper']) {
    test(`the rounds of ${who}, ${variant.name}`, async (t) => {
      const visitor = await visit(browser, variant, signedIn[who] ?? {})
      t.after(visitor.leave)
      for (const [nth, address] of paths[who].entries()) await t.test(address, () => goAndLook(visitor, who, address, nth))
      visitor.blameless()
    })
  }
}

async function goAndLook(visitor, who, address, nth) {
  const response = await visitor.page.goto(hearth.base + address)
  assert.equal(response.status(), other(who, address))
  await look(visitor, `rounds-${who}-${nth}`)
}

test('what is gone says so', async (t) => {
  const visitor = await visit(browser, plainPhone, signedIn.rowan)
  t.after(visitor.leave)
  const url = await writeThread(visitor, `${hearth.base}/g/walks`, { title: 'By mistake', text: 'Nothing.' })
  await visitor.page.goto(`${url}/delete`)
  await press(visitor, 'delete.do')
  const passer = await visit(browser, plainPhone)
  t.after(passer.leave)
  assert.equal((await passer.page.goto(url)).status(), 410)
  await look(passer, 'rounds-gone')
})

// The last one: nothing can be read after it.
test('what goes wrong on the server is said on a page like the others', async (t) => {
  const visitor = await visit(browser, plainPhone, signedIn.rowan)
  t.after(visitor.leave)
  const database = new DatabaseSync(path.join(hearth.data, 'hearth.db'))
  database.exec('PRAGMA busy_timeout = 60000; ALTER TABLE consents RENAME TO elsewhere')
  database.close()
  assert.equal((await visitor.page.goto(`${hearth.base}/me/consents`)).status(), 500)
  await look(visitor, 'rounds-wrong')
})
