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
