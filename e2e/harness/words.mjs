// The sentences of the pages, from the same catalogue that the pages take them
// from: a journey finds things by what people read, and a better wording does
// not break it.
import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../web/locales/', import.meta.url))

const sentences = new Map(readdirSync(folder).filter((name) => name.endsWith('.en.json'))
  .flatMap((name) => flatten(JSON.parse(readFileSync(folder + name, 'utf8')))))

// say is the sentence of a key, with its {{.Name}} replaced by values.Name.
export function say(key, values = {}) {
  const sentence = sentences.get(key)
  if (sentence === undefined) throw new Error(`the catalogue has no ${key}`)
  return sentence.replace(/{{\s*\.(\w+)\s*}}/g, (_, name) => {
    if (!(name in values)) throw new Error(`${key} wants ${name}`)
    return values[name]
  })
}

function flatten(node, prefix = '') {
  return Object.entries(node).flatMap(([name, value]) =>
    typeof value === 'string' ? [[prefix + name, value]] : flatten(value, `${prefix}${name}.`))
}
