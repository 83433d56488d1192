// The first minutes of a hearth, with the one-time address that it printed.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { accessible, look, plainPhone, say, startBrowser, startHearth, variants, visit } from './harness.mjs'
import { admin, fillSetup, setUp, signIn } from './steps.mjs'

let browser

before(async () => {
  browser = await startBrowser()
})

after(() => browser?.close())

async function begin(t, variant) {
  const hearth = await startHearth()
  t.after(hearth.stop)
  const visitor = await visit(browser, variant)
  t.after(visitor.leave)
  return { hearth, visitor, page: visitor.page }
}

for (const variant of variants) {
  test(`the setup page can be used by ${variant.name}`, async (t) => {
    const { hearth, visitor, page } = await begin(t, variant)
    await page.goto(hearth.setup)
    await look(visitor, 'setup')
    visitor.blameless()
  })
}

test('a wrong answer is told, and the others are kept', async (t) => {
  const { hearth, visitor, page } = await begin(t, plainPhone)
  await page.goto(hearth.setup)
  await fillSetup(page, { 'setup.contact': 'the post office' })
  await page.getByRole('button', { name: say('setup.begin') }).click()
  await page.getByRole('link', { name: say('setup.contact_form') }).waitFor()
  assert.equal(await page.getByLabel(say('person.login'), { exact: true }).inputValue(), admin.login)
  assert.equal(await page.getByLabel(say('person.password'), { exact: true }).inputValue(), '', 'a page never keeps a password')
  await look(visitor, 'setup-wrong')
})

test('the address is good once, and the admin can come back', async (t) => {
  const { hearth, visitor, page } = await begin(t, plainPhone)
  await setUp(visitor, hearth)
  await look(visitor, 'admin-first')
  assert.equal((await page.reload()).status(), 200, 'the page that comes after the setup')

  const other = await visit(browser)
  t.after(other.leave)
  const again = await other.page.goto(hearth.setup)
  assert.equal(again.status(), 404, 'the setup address, once used')
  await signIn(other, hearth, { ...admin, password: 'four quiet lanterns' })
  await other.page.getByText(say('sign_in.wrong')).waitFor()
  await accessible(other)
  await signIn(other, hearth, admin)
  await other.page.waitForURL(`${hearth.base}/home`)
  visitor.blameless()
})

test('a hearth that is set up starts again where it was', async (t) => {
  const data = await mkdtemp(path.join(tmpdir(), 'hearth-again-'))
  t.after(() => rm(data, { recursive: true, force: true }))
  const visitor = await visit(browser)
  t.after(visitor.leave)

  const first = await startHearth({ data })
  await setUp(visitor, first).finally(first.stop)
  const second = await startHearth({ data, port: first.port })
  t.after(second.stop)

  assert.equal(second.setup, '', 'no second setup address')
  assert.equal(second.base, first.base)
  await visitor.page.goto(`${second.base}/sign-in`)
  assert.equal(new URL(visitor.page.url()).pathname, '/home', 'who is signed in is sent home')
})
