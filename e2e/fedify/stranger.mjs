// A server that is not Hearth: Fedify, with what it keeps in memory, on a free
// port of loopback. It signs, verifies and parses with Fedify alone; a journey
// tells it over the process's channel what to do, and asks what it saw. How it
// signs first is its argument.
import { createServer } from 'node:http'
import { signatureOf, stayOnLoopback } from './loopback.mjs'

stayOnLoopback()
const { federate } = await import('./federate.mjs')
const { commandsOf } = await import('./commands.mjs')

const wants = { signature: '' } // the one way of signing it takes; any where it is empty
const heard = [] // every request that came in, with the answer once it is given
const server = createServer(answer)
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const origin = `http://stranger.localhost:${server.address().port}`
const federation = federate(origin, process.argv[2])
const commands = commandsOf(federation.createContext(new URL(origin), null), { heard, wants })

process.on('message', async ({ number, command, input }) => {
  try {
    process.send({ number, output: await commands[command](input ?? {}) ?? null })
  } catch (error) {
    process.send({ number, error: error.stack })
  }
})
process.on('disconnect', () => process.exit())
process.send({ origin })

async function answer(incoming, outgoing) {
  const chunks = []
  for await (const chunk of incoming) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  const headers = new Headers(incoming.headers)
  const entry = { method: incoming.method, path: incoming.url, body: body.toString(), signature: signatureOf({ headers }) }
  heard.push(entry)
  if (incoming.method === 'POST' && wants.signature && entry.signature !== wants.signature) {
    Object.assign(entry, { status: 401, unwanted: true })
    return outgoing.writeHead(401).end()
  }
  const request = new Request(new URL(incoming.url, `http://${incoming.headers.host}`), {
    method: incoming.method, headers, body: body.length > 0 ? body : undefined,
  })
  let response
  try {
    response = await federation.fetch(request, { contextData: null })
  } catch (error) {
    response = new Response(error.stack, { status: 500 })
  }
  const said = Buffer.from(await response.arrayBuffer())
  Object.assign(entry, { status: response.status, said: response.ok ? '' : said.toString() })
  outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(said)
}
