// How a page comes up on a slow phone.

// A phone of some years ago on a fair mobile network: what Lighthouse calls
// slow 4G, and a processor four times slower than this one.
const network = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 }
const slowdown = 4

// paint loads an address as such a phone does, and tells the milliseconds
// until the largest paint and the sum of layout shifts (0 is a page that
// stands still). The visitor needs scripts: the measuring is one.
export async function paint({ page }, url) {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', network)
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  await page.goto(url, { waitUntil: 'load' })
  const measured = await page.evaluate(measure)
  await session.detach()
  return measured
}

// measure waits for the first report of paints, which every page has, and for
// two frames more, in which scripts have done what they do to a page; shifts,
// which a page need not have, are then on record.
async function measure() {
  const paints = await new Promise((resolve) => {
    new PerformanceObserver((list) => resolve(list.getEntries())).observe({ type: 'largest-contentful-paint', buffered: true })
  })
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  const shifts = new PerformanceObserver(() => {})
  shifts.observe({ type: 'layout-shift', buffered: true })
  return {
    largest: Math.max(...paints.map((entry) => entry.startTime)),
    shift: shifts.takeRecords().reduce((sum, entry) => sum + entry.value, 0),
  }
}
