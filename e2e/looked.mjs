// looked.mjs FILE: fails, naming them, for the pages of the server that no
// journey looked at. FILE is what the journeys noted.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { routesOf, unseen } from './harness.mjs'

const table = readFileSync(fileURLToPath(new URL('../web/testdata/statuses.txt', import.meta.url)), 'utf8')
const notes = readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line))
const routes = routesOf(table)
const left = unseen(routes, notes)
if (left.length > 0) {
  console.error(`No journey looks at these pages on a phone; rounds.test.mjs is the place for one more line:\n  ${left.join('\n  ')}`)
  process.exit(1)
}
console.log(`Of ${routes.length} pages each was looked at: ${notes.length} looks.`)
