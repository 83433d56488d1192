// Waiting for what another server has to bring about.
import { setTimeout as pause } from 'node:timers/promises'

const patience = 90_000

// until asks again and again, and resolves with the first answer that is not
// empty; it fails where none came in a time that no machine should need.
export async function until(what, ask, most = patience) {
  for (const late = Date.now() + most; ;) {
    const answer = await ask()
    if (answer) return answer
    if (Date.now() > late) throw new Error(`${what}: not within ${most / 1000} s`)
    await pause(100)
  }
}
