// What a page weighs: the bytes that come over the wire for its HTML, style
// sheets and scripts, headers and compression included.
import assert from 'node:assert/strict'

// budgets in bytes: for a first visit, for each page after it, and for the
// scripts of a page.
export const budgets = { first: 100_000, again: 30_000, scripts: 15_000 }

const counted = { Document: 'html', Stylesheet: 'css', Script: 'js' }

// weigh loads an address twice on one device, and tells { first, again }, each
// with html, css, js and total in bytes. Give it a visitor who may see the
// page and has not been on the server before, or a copy of one's cookies.
export async function weigh({ page }, url) {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  const first = await transfer(session, () => page.goto(url))
  const again = await transfer(session, () => page.goto(url))
  await session.detach()
  return { first, again }
}

// withinBudget fails where a weight is over the page's budget.
export function withinBudget({ first, again }, { first: most, again: later, scripts } = budgets) {
  assert.ok(first.total <= most, `first visit: got ${describe(first)}, want at most ${most}`)
  assert.ok(again.total <= later, `later visit: got ${describe(again)}, want at most ${later}`)
  assert.ok(first.js <= scripts, `scripts: got ${first.js} bytes, want at most ${scripts}`)
}

async function transfer(session, load) {
  const sum = { html: 0, css: 0, js: 0, total: 0 }
  const pending = new Map()
  let settled = () => {}
  const begun = ({ requestId, type }) => counted[type] && pending.set(requestId, counted[type])
  const finished = ({ requestId, encodedDataLength = 0 }) => {
    if (!pending.has(requestId)) return
    sum[pending.get(requestId)] += encodedDataLength
    sum.total += encodedDataLength
    pending.delete(requestId)
    if (pending.size === 0) settled()
  }
  const listeners = { requestWillBeSent: begun, loadingFinished: finished, loadingFailed: finished }
  for (const [name, listener] of Object.entries(listeners)) session.on(`Network.${name}`, listener)
  await load()
  // The browser tells of the last bytes a moment after the page has loaded.
  if (pending.size > 0) await new Promise((resolve) => (settled = resolve))
  for (const [name, listener] of Object.entries(listeners)) session.off(`Network.${name}`, listener)
  return sum
}

function describe({ html, css, js, total }) {
  return `${total} bytes (html ${html}, css ${css}, js ${js})`
}
