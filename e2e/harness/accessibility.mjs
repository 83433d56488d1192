// Whether a page can be used: by axe's rules, and without scrolling sideways.
import assert from 'node:assert/strict'
import { AxeBuilder } from '@axe-core/playwright'

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

// accessible fails with what axe (WCAG 2.2 to AA, and its best practices) has
// against the page as it stands, one line for each element.
export async function accessible({ page, scripts, variant }) {
  await scripts(true)
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(rules).analyze()
  await scripts(variant.scripts)
  const lines = violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${help}: ${target.join(' ')}`))
  assert.deepEqual(lines, [], `axe on ${page.url()}`)
}

// fitsWidth fails where the page has to be scrolled sideways, naming what
// sticks out.
export async function fitsWidth({ page }) {
  const wide = await page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    const outside = [...document.body.querySelectorAll('*')].filter((element) => element.getBoundingClientRect().right > clientWidth)
    return [`${scrollWidth} of ${clientWidth} pixels`, ...outside.map((element) => element.outerHTML.slice(0, 80))]
  })
  assert.deepEqual(wide, [], `${page.url()} is too wide`)
}
