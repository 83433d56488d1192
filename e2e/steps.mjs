// Steps that several journeys begin with, done on the pages as a person does.
import { say } from './harness.mjs'

// admin is who setUp makes; place is what they say of it.
export const admin = { login: 'keeper', name: 'Hazel_Brook', password: 'three quiet lanterns' }
export const place = { name: 'Willow Lane', purpose: 'For people who care for somebody at home.', contact: 'hello@willow.example' }

// fillSetup fills the setup page in, but for the answers given as ''.
export async function fillSetup(page, answers = {}) {
  const given = {
    'person.login': admin.login, 'person.public_name': admin.name, 'person.password': admin.password,
    'setup.name': place.name, 'setup.purpose': place.purpose, 'setup.contact': place.contact, ...answers,
  }
  for (const [key, answer] of Object.entries(given)) await page.getByLabel(say(key), { exact: true }).fill(answer)
}

// setUp takes a new hearth from its one-time address to its admin's first page.
export async function setUp({ page }, hearth) {
  await page.goto(hearth.setup)
  await fillSetup(page)
  await page.getByRole('button', { name: say('setup.begin') }).click()
  await page.getByRole('status').getByText(say('setup.ready')).waitFor()
}

// signIn signs a person in, from the page that anybody can come to.
export async function signIn({ page }, hearth, { login, password }) {
  await page.goto(`${hearth.base}/sign-in`)
  await page.getByLabel(say('person.login'), { exact: true }).fill(login)
  await page.getByLabel(say('person.password'), { exact: true }).fill(password)
  await page.getByRole('button', { name: say('sign_in.do') }).click()
}

// letIn brings somebody new into a hearth with an invitation that its admin,
// signed in as keeper, makes for them.
export async function letIn(visitor, keeper, hearth, person) {
  await keeper.page.goto(`${hearth.base}/admin/invitations`)
  await keeper.page.getByRole('button', { name: say('invitations.make') }).click()
  const link = await keeper.page.locator('main code').innerText()
  const { page } = visitor
  await page.goto(link)
  for (const [key, answer] of Object.entries({ 'person.public_name': person.name, 'person.login': person.login, 'person.password': person.password })) {
    await page.getByLabel(say(key), { exact: true }).fill(answer)
  }
  await page.getByLabel(say('join.old_enough', { Age: '18' })).check()
  await page.waitForTimeout(3100) // a person takes longer than a machine
  await page.getByRole('button', { name: say('join.do') }).click()
  await page.getByRole('status').getByText(say('join.welcome', { Place: place.name })).waitFor()
}
