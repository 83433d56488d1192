// Chromium, and the visitors who come with it: on a phone or at a desk, in the
// light or in the dark, with scripts or without.
import assert from 'node:assert/strict'
import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import { chromium } from 'playwright-core'

// A page that takes longer to come, or to show what is waited for, is a defect
// of its own; a machine that is busy with other things is none.
const patience = 60_000

export const widths = { phone: 320, desk: 1280 }

// variants is every way of visiting that a page has to stand.
export const variants = Object.keys(widths).flatMap((width) =>
  ['light', 'dark'].flatMap((scheme) =>
    [true, false].map((scripts) => ({ name: `${width}-${scheme}-${scripts ? 'scripts' : 'plain'}`, width, scheme, scripts }))))

// mixedVariants are four in which every two properties meet: what a page gets
// where all eight would take too long.
export const mixedVariants = variants.filter(({ width, scheme, scripts }) => (width === 'phone') === ((scheme === 'light') !== scripts))

// plainPhone is the visitor to write a journey for first: the narrowest page
// and no script to help.
export const plainPhone = variants.find((variant) => variant.name === 'phone-light-plain')

// startBrowser starts Chromium without a window and without its own errands
// on the network. Close it when done.
export function startBrowser() {
  return chromium.launch({
    executablePath: executable(process.env.HEARTH_TEST_CHROMIUM || 'chromium'),
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
  })
}

// visit opens a page as a visitor of that variant sees it; every visitor has
// cookies and a cache of their own, like a device. Options go to Playwright's
// newContext. The visitor has
//
//   page          Playwright's page
//   variant       who this is
//   shown()       what stands there: the method, path and status of the last page
//   scripts(on)   switches scripts for what is loaded from now on
//   blameless()   fails where the pages so far asked another server for
//                 something, logged an error or broke their own policy
//   leave()       closes the device
export async function visit(browser, variant = plainPhone, options = {}) {
  const context = await browser.newContext({
    viewport: { width: widths[variant.width], height: variant.width === 'phone' ? 640 : 800 },
    colorScheme: variant.scheme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'Europe/Dublin',
    ...options,
  })
  context.setDefaultTimeout(patience)
  const page = await context.newPage()
  const faults = collectFaults(page)
  const shown = lastShown(page)
  const switchScripts = await scriptSwitch(page)
  await switchScripts(variant.scripts)
  return {
    page,
    variant,
    shown,
    scripts: switchScripts,
    blameless: () => assert.deepEqual(faults, [], 'faults of the pages visited'),
    leave: () => context.close(),
  }
}

// lastShown notes what the page that stands there was answered to.
function lastShown(page) {
  let last
  page.on('response', (response) => {
    const request = response.request()
    if (!request.isNavigationRequest() || response.frame() !== page.mainFrame()) return
    if (response.status() < 300 || response.status() >= 400) last = { method: request.method(), path: new URL(response.url()).pathname, status: response.status() }
  })
  return () => last
}

// scriptSwitch stands in for Playwright's javaScriptEnabled, which cannot be
// lifted again: axe is a script too, and has to run on pages that were loaded
// without.
async function scriptSwitch(page) {
  const session = await page.context().newCDPSession(page)
  return (on) => session.send('Emulation.setScriptExecutionDisabled', { value: !on })
}

function collectFaults(page) {
  const faults = []
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' && !isStatus(message)) faults.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    if (isForeign(request, page)) faults.push(`foreign: ${request.url()}`)
  })
  return faults
}

// Chromium logs each answer of 400 and above as an error; a page that is such
// an answer on purpose is not at fault.
function isStatus(message) {
  return message.text().startsWith('Failed to load resource: the server responded with a status of')
}

// What a page loads has to come from where the page came from. Where a click
// leads is the visitor's own choice.
function isForeign(request, page) {
  if (request.isNavigationRequest() || !/^https?:/.test(request.url())) return false
  return new URL(request.url()).origin !== new URL(request.frame().url() || page.url()).origin
}

function executable(name) {
  if (name.includes('/')) return name
  const places = (process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, name))
  const found = places.find(isExecutable)
  if (!found) throw new Error(`no ${name} in PATH; set HEARTH_TEST_CHROMIUM to one`)
  return found
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
