// What the network between strangers is on one machine: names below localhost
// lead to loopback, and are spoken to over http where elsewhere it is https.
// Nothing else about a request or an answer is touched.
import dns from 'node:dns'

const isHere = (host) => host === 'localhost' || host.endsWith('.localhost')

// errands is every request that went out: what was asked, what was sent and
// signed how, and the answer.
export const errands = []

export function stayOnLoopback() {
  const lookup = dns.lookup
  dns.lookup = (host, options, done) => {
    if (typeof options === 'function') [options, done] = [{}, options]
    if (!isHere(host)) return lookup(host, options, done)
    const found = { address: '127.0.0.1', family: 4 }
    return process.nextTick(() => (options.all ? done(null, [found]) : done(null, found.address, found.family)))
  }
  const ask = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    const request = overHTTP(new Request(input, init))
    const sent = request.body ? await request.clone().text() : ''
    const answer = await ask(request)
    errands.push({ method: request.method, url: request.url, status: answer.status, signature: signatureOf(request), sent, said: await answer.clone().text() })
    return answer
  }
}

function overHTTP(request) {
  const url = new URL(request.url)
  if (url.protocol !== 'https:' || !isHere(url.hostname)) return request
  url.protocol = 'http:'
  return new Request(url, request)
}

export function signatureOf({ headers }) {
  if (headers.has('signature-input')) return 'rfc9421'
  return headers.has('signature') ? 'cavage' : ''
}
