// What a journey can have the stranger do, and ask it about. Whatever goes out
// goes through Fedify's sendActivity; what comes back is as Fedify parsed it.
import {
  Announce, Create, Delete, Dislike, EmojiReact, Follow, Like, Listen, Note, PUBLIC_COLLECTION, Page, Tombstone, Undo, Update, isActor,
} from '@fedify/fedify'
import { Temporal } from '@js-temporal/polyfill'
import { actors, makeActor } from './actors.mjs'
import { actorOf, mail, newID, shelf } from './federate.mjs'
import { errands } from './loopback.mjs'
import { plain } from './plain.mjs'

const reactions = { Like, Dislike, EmojiReact, Listen }
const now = () => Temporal.Now.instant()

export function commandsOf(context, { heard, wants }) {
  const options = async (as) => ({
    documentLoader: as ? await context.getDocumentLoader({ identifier: as }) : context.documentLoader,
    contextLoader: context.contextLoader, allowPrivateAddress: true,
  })
  const lookUp = async (what, as) => context.lookupObject(what, await options(as))
  const receivers = new Map() // actors that something was sent to, by id

  // send has an actor send something to somebody's own inbox; to a group of
  // here, which then passes it on to its followers. It tells how each knock was
  // answered: a refusal is an answer, too.
  async function send(as, to, activity) {
    shelf.set(activity.id.href, activity)
    const home = actorOf(context, new URL(to))
    if (home) return passOn(home, activity)
    if (!receivers.has(to)) receivers.set(to, await lookUp(to))
    if (!isActor(receivers.get(to))) throw new Error(`${to} is no actor`)
    await context.sendActivity({ identifier: as }, receivers.get(to), activity).catch(() => {})
    return sent(activity)
  }

  async function passOn(group, activity) {
    const announce = new Announce({
      id: newID(context, 'announces'), actor: context.getActorUri(group.name), to: PUBLIC_COLLECTION, cc: context.getFollowersUri(group.name), object: activity,
    })
    await context.sendActivity({ identifier: group.name }, 'followers', announce)
    return { ...sent(announce), id: activity.id.href, objectId: activity.objectId.href }
  }

  const sent = (activity) => ({
    id: activity.id.href, objectId: activity.objectId.href,
    knocks: errands.filter(({ method, sent: body }) => method === 'POST' && JSON.parse(body).id === activity.id.href),
  })

  const envelope = (as, group, folder) => ({
    id: newID(context, folder), actor: context.getActorUri(as), tos: [new URL(group), PUBLIC_COLLECTION], audience: new URL(group),
  })

  function compose({ as, group, name, content, inReplyTo }) {
    const Kind = inReplyTo ? Note : Page
    const { actor, ...addressed } = envelope(as, group, inReplyTo ? 'notes' : 'pages')
    const post = new Kind({
      ...addressed, attribution: actor, name, content, mediaType: 'text/html', published: now(),
      replyTarget: inReplyTo ? new URL(inReplyTo) : null,
    })
    shelf.set(post.id.href, post)
    return post
  }

  return {
    make: makeActor,
    change: ({ name, ...what }) => { Object.assign(actors.get(name), what) },
    followers: ({ name }) => [...actors.get(name).followers.keys()],
    mail: () => mail,
    heard: () => heard,
    // want has the inboxes take one way of signing alone, or again both.
    want: ({ signature = '' }) => { Object.assign(wants, { signature }) },
    // unbelieved is what went out and came back as not signed well enough.
    unbelieved: () => errands.filter(({ status }) => status === 401).map(({ method, url, signature, said }) => ({ method, url, signature, said })),
    asked: ({ url }) => errands.filter((errand) => errand.url === url),

    lookUp: async ({ what, as }) => plain(await lookUp(what, as), await options(as)),
    webFinger: ({ resource }) => context.lookupWebFinger(resource, { allowPrivateAddress: true }),
    nodeInfo: async ({ url }) => (await context.lookupNodeInfo(url)) ?? null,

    // ask fetches an address as anybody may, without Fedify.
    ask: async ({ url, accept = 'application/activity+json' }) => {
      const answer = await fetch(url, { headers: { accept }, redirect: 'manual' })
      return { status: answer.status, type: answer.headers.get('content-type'), vary: answer.headers.get('vary'), body: await answer.text() }
    },

    follow: async ({ as, group }) => {
      const follow = new Follow({ id: newID(context, 'follows'), actor: context.getActorUri(as), object: new URL(group), to: new URL(group) })
      actors.get(as).follows.set(group, follow)
      return send(as, group, follow)
    },
    unfollow: ({ as, group }) => send(as, group, new Undo({
      id: newID(context, 'undos'), actor: context.getActorUri(as), to: new URL(group), object: actors.get(as).follows.get(group),
    })),

    // write sends a thread, or an answer where inReplyTo is an id.
    write: ({ as, group, ...words }) => send(as, group, new Create({ ...envelope(as, group, 'creates'), object: compose({ as, group, ...words }) })),
    // again sends a post that was sent before, to another group.
    again: ({ as, group, id }) => {
      const { tos, audience } = envelope(as, group, 'creates')
      shelf.set(id, shelf.get(id).clone({ tos, audience }))
      return send(as, group, new Create({ ...envelope(as, group, 'creates'), object: shelf.get(id) }))
    },
    edit: ({ as, group, id, content }) => {
      shelf.set(id, shelf.get(id).clone({ content, updated: now() }))
      return send(as, group, new Update({ ...envelope(as, group, 'updates'), object: shelf.get(id) }))
    },
    remove: ({ as, group, id }) => {
      shelf.set(id, new Tombstone({ id: new URL(id) }))
      return send(as, group, new Delete({ ...envelope(as, group, 'deletes'), object: shelf.get(id) }))
    },
    react: ({ as, group, type, object }) => send(as, group, new reactions[type]({ ...envelope(as, group, 'reactions'), object: new URL(object) })),

    // passOn has a group of here announce what somebody sent to it.
    passOn: ({ group, id }) => passOn(actors.get(group), actors.get(group).came.get(id)),
  }
}
