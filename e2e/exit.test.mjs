// Leaving in a hurry (R04): one press, and nothing here remembers.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { say, startBrowser, startHearth, variants, visit } from './harness.mjs'
import { admin, setUp, signIn } from './steps.mjs'

const away = 'https://weather.example/'

const phones = variants.filter(({ width, scheme }) => width === 'phone' && scheme === 'light')
const withScripts = phones.find(({ scripts }) => scripts)

let browser, hearth

before(async () => {
  browser = await startBrowser()
  hearth = await startHearth({ flags: ['--exit-to', away] })
  const visitor = await visit(browser)
  await setUp(visitor, hearth)
  await exitEverywhere(visitor.page)
  await visitor.leave()
})

after(async () => {
  await browser?.close()
  await hearth?.stop()
})

// exitEverywhere puts the exit button on every page, not in sensitive groups
// alone.
async function exitEverywhere(page) {
  await page.goto(`${hearth.base}/me/settings`)
  await page.getByLabel(say('me.exit'), { exact: true }).check()
  await page.getByRole('button', { name: say('me.save') }).click()
  await page.getByRole('status').getByText(say('me.saved')).waitFor()
}

// member is somebody signed in, for whom the page that the exit leads to is
// there without a network: Playwright answers no request that a redirect made,
// but the browser asks again by itself.
async function member(t, variant) {
  const visitor = await visit(browser, variant)
  t.after(visitor.leave)
  await visitor.page.context().route(`${away}**`, (route) => route.fulfill({ contentType: 'text/html', body: 'Light rain.' }))
  await signIn(visitor, hearth, admin)
  await visitor.page.goto(`${hearth.base}/safety`)
  return visitor
}

async function gone({ page }) {
  await page.getByText('Light rain.').waitFor()
  assert.equal(page.url(), away)
  assert.deepEqual(await page.context().cookies(hearth.base), [], 'cookies left on the device')
}

const exitLink = (page) => page.getByRole('contentinfo').getByRole('link', { name: say('frame.exit_now') })

for (const variant of phones) {
  test(`R04 one press leaves and signs out, ${variant.name}`, async (t) => {
    const visitor = await member(t, variant)
    await exitLink(visitor.page).click()
    await gone(visitor)
    await visitor.page.goto(`${hearth.base}/me`)
    assert.equal(new URL(visitor.page.url()).pathname, '/sign-in', 'where somebody not signed in is sent')
  })

  test(`R04 the button leaves too, ${variant.name}`, async (t) => {
    const visitor = await member(t, variant)
    await visitor.page.getByRole('banner').getByRole('link', { name: say('frame.exit') }).click()
    await gone(visitor)
  })

  test(`R04 the exit is the first thing the keyboard reaches after the skip link, ${variant.name}`, async (t) => {
    const visitor = await member(t, variant)
    await visitor.page.keyboard.press('Tab')
    await visitor.page.keyboard.press('Tab')
    await visitor.page.keyboard.press('Enter')
    await gone(visitor)
  })
}

// still stops the page's clock, which has five seconds for three presses: a busy
// machine may need longer between two.
async function still({ page }) {
  await page.clock.install({ time: 0 })
  await page.clock.pauseAt(1000)
}

test('R04 Shift pressed three times leaves', async (t) => {
  const visitor = await member(t, withScripts)
  await still(visitor)
  for (let press = 0; press < 3; press++) await visitor.page.keyboard.press('Shift')
  await gone(visitor)
})

test('R04 capital letters do not leave', async (t) => {
  const visitor = await member(t, withScripts)
  await still(visitor)
  for (const letter of ['H', 'E', 'Y']) await visitor.page.keyboard.press(`Shift+${letter}`)
  for (let press = 0; press < 2; press++) await visitor.page.keyboard.press('Shift')
  await visitor.page.getByText(say('frame.exit_twice')).waitFor()
  assert.equal(visitor.page.url(), `${hearth.base}/safety`)
})

test('R04 going back does not show the page that was left', async (t) => {
  const visitor = await member(t, withScripts)
  await exitLink(visitor.page).click()
  await gone(visitor)
  await visitor.page.goBack()
  assert.notEqual(visitor.page.url(), `${hearth.base}/safety`)
})

test('R04 what was kept on the device is wiped', async (t) => {
  const visitor = await member(t, withScripts)
  await visitor.page.evaluate(() => localStorage.setItem('draft', 'words'))
  await exitLink(visitor.page).click()
  await gone(visitor)
  await visitor.page.goto(`${hearth.base}/safety`)
  assert.equal(await visitor.page.evaluate(() => localStorage.getItem('draft')), null)
})
