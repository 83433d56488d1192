// Which of the pages that the server has were looked at.
import { widths } from './browser.mjs'

// notPages are the addresses that have nothing for people to look at, but that
// people are led through or that machines read.
export const notPages = ['/exit', '/me/paused', '/p/:id/unread', '/robots.txt', '/u/:id']

// routesOf are the routes of a table of statuses (web/testdata/statuses.txt) that
// people ask for.
export function routesOf(table) {
  const rows = table.split('\n').filter((line) => line.startsWith('GET ')).map((line) => line.trim().split(/\s+/))
  const people = rows.filter((row) => row.at(-member) !== '.').map(([, route]) => route)
  const all = [...new Set(people)]
  const gone = notPages.filter((route) => route !== '/exit' && !all.includes(route))
  if (all.length < 50 || gone.length > 0) throw new Error(`the table has ${all.length} pages, and none at ${gone}`)
  return all.filter((route) => !notPages.includes(route))
}

// member is the place of a member's column from the end.
const member = 8

// unseen are the routes of which no page was looked at on a phone. A page that
// says why something is not there is none of a route's own.
export function unseen(routes, notes) {
  const good = notes.filter(({ method, status, width }) => width === widths.phone && (status === 200 || method === 'GET' && status === 422))
  const seen = new Set(good.map(({ path }) => shape(bestOf(routes, path))))
  return routes.filter((route) => !seen.has(shape(route)))
}

// bestOf is the route that the router takes for a path: where two fit, the one
// with fewer parameters.
function bestOf(routes, path) {
  const fitting = routes.filter((route) => new RegExp(`^${route.replaceAll(parameter, '[^/]+')}$`).test(path))
  return fitting.sort((a, b) => parameters(a) - parameters(b))[0] ?? path
}

const parameter = /:[a-z]+/g
const parameters = (route) => (route.match(parameter) ?? []).length

// shape is a route whatever its parameters are called: /g/:id and /g/:name are
// one address.
const shape = (route) => route.replaceAll(parameter, ':')
