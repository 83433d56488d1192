// A hearth of one's own: the real binary on a free port of loopback, with an
// empty data folder, ready when it says so.
import { execFile, execFileSync, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../..', import.meta.url))

// A start or a stop that takes longer is a defect of its own.
const patience = 60_000

const address = /https?:\/\/\S+/

// The one-time address that an instance without an admin prints.
const setupAddress = /https?:\/\/\S+\/setup\/[^\s/]+/

// startHearth runs `hearth serve` and resolves once it printed its address.
//
//   flags    more flags, e.g. ['--database', url]
//   env      more settings, e.g. { HEARTH_DOMAIN: 'oak.localhost:8080' }
//   data     a data folder to begin from; without it, an empty one that stop()
//            removes
//   port     the port of an earlier start, which the addresses in a data
//            folder are bound to; without it, a free one
//   before   what to run first, each the words of a command, e.g.
//            [['user', 'add', 'rowan', '--public-name', 'slow-river']]
//
// The hearth has `base` (no slash at its end), `setup` (the one-time address,
// or '' where the instance is set up), `port`, `data`, `output()` (all it
// printed so far), `run(...words)`, which runs a command on it and resolves
// with what that printed, and `stop()`.
export async function startHearth({ flags = [], env = {}, data, port, before = [] } = {}) {
  const own = data ? '' : await mkdtemp(path.join(tmpdir(), 'hearth-e2e-'))
  data ??= path.join(own, 'data')
  port ??= await freePort()
  const settings = ['--data', data, '--listen', `127.0.0.1:${port}`, ...flags]
  const surroundings = { ...withoutSettings(process.env), ...env }
  const run = async (...words) => (await promisify(execFile)(binary(), [...words, ...settings], { env: surroundings })).stdout
  for (const words of before) await run(...words)
  const child = spawn(binary(), ['serve', ...settings], { env: surroundings, stdio: ['ignore', 'pipe', 'pipe'] })
  const server = watch(child)
  const stop = async () => {
    await end(server)
    if (own) await rm(own, { recursive: true, force: true })
  }
  try {
    const line = await firstAddress(server)
    const setup = line.match(setupAddress)?.[0] ?? ''
    return { base: new URL(line.match(address)[0]).origin, setup, port, data, output: server.output, run, stop }
  } catch (error) {
    await stop().catch(() => {})
    throw error
  }
}

// freePort is one that nobody listens on, below those that systems hand out by
// themselves: no connection that begins between the asking and the use takes it.
export async function freePort() {
  for (;;) {
    const port = randomInt(11_000, 20_000)
    if (await isFree(port)) return port
  }
}

async function isFree(port) {
  const probe = createServer()
  const heard = new Promise((resolve) => probe.once('error', () => resolve(false)).once('listening', () => resolve(true)))
  probe.listen(port, '127.0.0.1')
  const free = await heard
  if (free) await new Promise((resolve) => probe.close(resolve))
  return free
}

let built
// binary is HEARTH_BINARY, or is built where nobody named one.
function binary() {
  if (process.env.HEARTH_BINARY) return process.env.HEARTH_BINARY
  if (!built) {
    execFileSync('make', ['build'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
    built = path.join(root, 'hearth')
  }
  return built
}

// withoutSettings keeps a developer's own HEARTH_* out of the journeys.
function withoutSettings(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('HEARTH_')))
}

function watch(child) {
  let output = ''
  let printed = ''
  const abandon = () => child.kill('SIGKILL')
  process.once('exit', abandon)
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => {
      process.removeListener('exit', abandon)
      resolve(signal ?? code)
    })
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
    printed += text
    child.emit('printed')
  })
  return { child, ended, output: () => output, lines: () => printed.split('\n').slice(0, -1) }
}

function firstAddress({ child, ended, output, lines }) {
  return new Promise((resolve, reject) => {
    const look = () => {
      const line = lines().find((text) => address.test(text))
      if (line) done(resolve, line)
    }
    const late = setTimeout(() => done(reject, new Error(`no address within ${patience} ms:\n${output()}`)), patience)
    const done = (settle, value) => {
      clearTimeout(late)
      child.off('printed', look)
      settle(value)
    }
    child.on('printed', look)
    ended.then((how) => done(reject, new Error(`hearth ended with ${how}:\n${output()}`)))
  })
}

// end stops the server as Ctrl-C does, and fails where that takes force or
// ends in an error.
async function end({ child, ended, output }) {
  const late = setTimeout(() => child.kill('SIGKILL'), patience)
  child.kill('SIGINT')
  const how = await ended
  clearTimeout(late)
  if (how !== 0) throw new Error(`hearth ended with ${how}:\n${output()}`)
}
