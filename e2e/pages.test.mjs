// Every page that has an address of its own, for every way of visiting it.
// What has to be made first (a group, a thread) is looked at by the journey
// that makes it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { look, mixedVariants, plainPhone, startBrowser, startHearth, visit } from './harness.mjs'
import { admins, everybody, members, missing } from './paths.mjs'
import { setUp } from './steps.mjs'

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
