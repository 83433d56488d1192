// Coming in: somebody asks, an admin answers, and they sign in; and a member's
// ways around their own pages. All of it works without scripts.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { look, plainPhone, say, startBrowser, startHearth, variants, visit } from './harness.mjs'
import { admin, place, setUp, signIn } from './steps.mjs'

let browser, hearth, keeper

before(async () => {
  browser = await startBrowser()
  hearth = await startHearth()
  keeper = await visit(browser)
  await setUp(keeper, hearth)
})

after(async () => {
  await keeper?.leave()
  await browser?.close()
  await hearth?.stop()
})

const rowan = { login: 'rowan', name: 'slow-river', password: 'meadow orchard cloud' }

test('somebody asks to join, is let in, and signs in', async (t) => {
  const visitor = await visit(browser, plainPhone)
  t.after(visitor.leave)
  const { page } = visitor
  const field = (key) => page.getByLabel(say(key), { exact: true })
  await page.goto(`${hearth.base}/join`)
  await look(visitor, 'join')

  await field('person.public_name').fill('rowan-1987')
  await field('person.login').fill(rowan.login)
  await field('person.password').fill(rowan.password)
  await field('join.question').fill('My mother forgets who I am.')
  await page.getByLabel(say('join.old_enough', { Age: '18' })).check()
  await page.waitForTimeout(3100) // a person takes longer than a machine
  await page.getByRole('button', { name: say('join.ask') }).click()
  await page.getByRole('link', { name: say('name.near_login') }).waitFor()
  assert.equal(await field('join.question').inputValue(), 'My mother forgets who I am.')
  await look(visitor, 'join-advice')

  await field('person.public_name').fill(rowan.name)
  await field('person.password').fill(rowan.password)
  await page.getByRole('button', { name: say('join.ask') }).click()
  await page.getByText(say('apply.waiting')).waitFor()
  await look(visitor, 'receipt')
  const receipt = page.url()

  await keeper.page.goto(`${hearth.base}/admin`)
  await keeper.page.getByRole('link', { name: '1 person asks to join' }).click()
  await look(keeper, 'admin-registration')
  await keeper.page.getByRole('link', { name: rowan.name }).click()
  await keeper.page.getByText('My mother forgets who I am.').waitFor()
  await keeper.page.getByLabel(say('applicants.reply')).fill('You are not alone with that here.')
  await look(keeper, 'admin-applicant')
  await keeper.page.getByRole('button', { name: say('applicants.approve') }).click()
  await keeper.page.getByText(say('applicants.none')).waitFor()

  await page.goto(receipt)
  await page.getByText('You are not alone with that here.').waitFor()
  await look(visitor, 'receipt-in')
  await signIn(visitor, hearth, rowan)
  await page.waitForURL(`${hearth.base}/home`)
  visitor.blameless()
})

test('an invitation lets somebody in without asking', async (t) => {
  await keeper.page.goto(`${hearth.base}/admin/invitations`)
  await keeper.page.getByRole('button', { name: say('invitations.make') }).click()
  const link = await keeper.page.locator('main code').innerText()
  await look(keeper, 'admin-invitations')

  const visitor = await visit(browser, plainPhone)
  t.after(visitor.leave)
  const { page } = visitor
  await page.goto(link)
  await page.getByRole('heading', { name: say('invitation.title', { Place: place.name }) }).waitFor()
  await look(visitor, 'invitation')
  await page.getByLabel(say('person.public_name'), { exact: true }).fill('soft-cloud')
  await page.getByLabel(say('person.login'), { exact: true }).fill('willow')
  await page.getByLabel(say('person.password'), { exact: true }).fill('harbour kettle pebble')
  await page.getByLabel(say('join.old_enough', { Age: '18' })).check()
  await page.waitForTimeout(3100)
  await page.getByRole('button', { name: say('join.do') }).click()
  await page.getByRole('status').getByText(say('join.welcome', { Place: place.name })).waitFor()
  const again = await page.goto(link)
  assert.equal(again.status(), 410, 'an invitation for one, once used')
})

test('a member goes through their own pages', async (t) => {
  const visitor = await visit(browser, variants.find((variant) => variant.name === 'desk-dark-scripts'))
  t.after(visitor.leave)
  const { page } = visitor
  await signIn(visitor, hearth, admin)
  await page.waitForURL(`${hearth.base}/home`)
  await page.goto(`${hearth.base}/me`)
  await look(visitor, 'me')
  for (const [link, name] of [['me.settings.title', 'me-settings'], ['me.about.title', 'me-about'], ['me.devices.title', 'me-devices'], ['me.password_door.title', 'me-password']]) {
    await page.getByRole('link', { name: say(link) }).click()
    await page.getByRole('heading', { level: 1, name: say(link) }).waitFor()
    await look(visitor, name)
    await page.goto(`${hearth.base}/me`)
  }
  await page.getByRole('link', { name: say('me.settings.title') }).click()
  await page.getByLabel(say('me.discreet'), { exact: true }).check()
  await page.getByRole('button', { name: say('me.save') }).click()
  assert.equal(await page.title(), say('frame.discreet'), 'a quiet title')
  visitor.blameless()
})
