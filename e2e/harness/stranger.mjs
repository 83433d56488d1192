// A server that is not Hearth, as a process of its own; e2e/fedify/ is what
// runs in it.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../fedify/stranger.mjs', import.meta.url))

// startStranger resolves once the stranger listens. It has `origin`, `host`,
// `do(command, input)`, which resolves with what came of it, and `stop()`. It signs
// first by RFC 9421, as Fedify does of itself, or by the draft: 'cavage'.
export function startStranger(knock = 'rfc9421') {
  const child = fork(program, [knock], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const waiting = new Map()
  let number = 0
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => {
    for (const { reject } of waiting.values()) reject(new Error(`the stranger ended with ${signal ?? code}`))
    resolve()
  }))
  const command = (name, input) => new Promise((resolve, reject) => {
    waiting.set(++number, { resolve, reject })
    child.send({ number, command: name, input })
  })
  const stop = async () => {
    if (child.connected) child.disconnect()
    await ended
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('message', ({ origin }) => {
      child.on('message', ({ number: of, output, error }) => {
        const { resolve: fulfil, reject: refuse } = waiting.get(of)
        waiting.delete(of)
        if (error) refuse(new Error(`the stranger: ${error}`))
        else fulfil(output)
      })
      resolve({ origin, host: new URL(origin).host, do: command, stop })
    })
    ended.then(() => reject(new Error('the stranger ended before it listened')))
  })
}
