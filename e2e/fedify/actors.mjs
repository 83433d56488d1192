// Who lives with the stranger: people, and groups that take posts.
import { Endpoints, Group, Person, generateCryptoKeyPair } from '@fedify/fedify'

// actors are by name; each has `follows`, the Follows it sent, `followers`, by
// id, and for a group `opens`, whether it lets people in, and `came`, the
// activities sent to it that it has not passed on.
export const actors = new Map()

// makeActor lets somebody move in. opens is for groups.
export async function makeActor({ name, type = 'Person', title = name, opens = true }) {
  const keys = await Promise.all([generateCryptoKeyPair('RSASSA-PKCS1-v1_5'), generateCryptoKeyPair('Ed25519')])
  actors.set(name, { name, type, title, opens, keys, follows: new Map(), followers: new Map(), came: new Map() })
}

// describe is an actor's document.
export async function describe(context, name) {
  const who = actors.get(name)
  if (!who) return null
  const keys = await context.getActorKeyPairs(name)
  const Kind = who.type === 'Group' ? Group : Person
  return new Kind({
    id: context.getActorUri(name), preferredUsername: name, name: who.title, summary: `<p>${who.title}</p>`,
    url: new URL(`/@${name}`, context.canonicalOrigin),
    inbox: context.getInboxUri(name), followers: context.getFollowersUri(name), outbox: context.getOutboxUri(name),
    endpoints: new Endpoints({ sharedInbox: context.getInboxUri() }),
    publicKey: keys[0].cryptographicKey, assertionMethods: keys.map((pair) => pair.multikey),
  })
}
