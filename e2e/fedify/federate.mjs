// The stranger's federation: what it serves, and what it does by itself with
// what comes in. Everything that comes is written down as Fedify read it.
import {
  Accept, Activity, Create, Delete, Follow, MemoryKvStore, Note, Page, Reject, Undo, Update, createFederation, isActor,
} from '@fedify/fedify'
import { actors, describe } from './actors.mjs'
import { plain } from './plain.mjs'

// mail is every activity whose signature Fedify accepted, in order.
export const mail = []

// shelf is what people here wrote and sent, by its id.
export const shelf = new Map()

const folders = { notes: Note, pages: Page, follows: Follow, creates: Create, updates: Update, deletes: Delete, undos: Undo }

const firstKnocks = { rfc9421: 'rfc9421', cavage: 'draft-cavage-http-signatures-12' }

export function federate(origin, knock) {
  const federation = createFederation({ kv: new MemoryKvStore(), origin, allowPrivateAddress: true, firstKnock: firstKnocks[knock] })
  federation.setActorDispatcher('/actors/{identifier}', describe).setKeyPairsDispatcher((_, name) => actors.get(name)?.keys ?? [])
  federation.setOutboxDispatcher('/actors/{identifier}/outbox', () => ({ items: [] }))
  federation.setFollowersDispatcher('/actors/{identifier}/followers', (_, name) => ({ items: [...actors.get(name).followers.values()] }))
  for (const [folder, Kind] of Object.entries(folders)) {
    federation.setObjectDispatcher(Kind, `/${folder}/{key}`, (_, { key }) => shelf.get(`${origin}/${folder}/${key}`) ?? null)
  }
  federation.setNodeInfoDispatcher('/nodeinfo/2.1', () => ({
    // Group software of a name that hearths know: it is told each thing once.
    software: { name: 'nodebb', version: { major: 1, minor: 0, patch: 0 } },
    protocols: ['activitypub'], usage: { users: {}, localPosts: 0, localComments: 0 },
  }))
  federation.setInboxListeners('/actors/{identifier}/inbox', '/inbox')
    .on(Follow, takeFollow).on(Undo, takeUndo).on(Create, takeForGroup).on(Update, takeForGroup).on(Delete, takeForGroup).on(Activity, note)
    .withIdempotency('per-inbox')
  return federation
}

// note writes down what came, once: a sender who did not hear our answer in time
// sends again.
async function note(context, activity) {
  const read = await plain(activity, context)
  if (!mail.some(({ id }) => id === read.id)) mail.push(read)
}

// takeFollow is a group letting somebody in, or not.
async function takeFollow(context, follow) {
  await note(context, follow)
  const group = actorOf(context, follow.objectId)
  const follower = await follow.getActor(context)
  if (group?.type !== 'Group' || !isActor(follower)) return
  if (group.opens) group.followers.set(follower.id.href, follower)
  const Answer = group.opens ? Accept : Reject
  await context.sendActivity({ identifier: group.name }, follower, new Answer({
    id: newID(context, 'answers'), actor: context.getActorUri(group.name), to: follower.id, object: follow,
  }))
}

async function takeUndo(context, undo) {
  await note(context, undo)
  const undone = await undo.getObject(context)
  if (undone instanceof Follow) actorOf(context, undone.objectId)?.followers.delete(undo.actorId.href)
}

// takeForGroup keeps what was sent to a group until the journey has it passed on.
async function takeForGroup(context, activity) {
  await note(context, activity)
  const addressed = [...activity.toIds, ...activity.ccIds, ...activity.audienceIds]
  const group = addressed.map((id) => actorOf(context, id)).find((who) => who?.type === 'Group')
  group?.came.set(activity.id.href, activity)
}

// actorOf is who of here has an id, or nobody.
export function actorOf(context, id) {
  const found = context.parseUri(id)
  return found?.type === 'actor' ? actors.get(found.identifier) : undefined
}

let last = 0
export const newID = (context, folder) => new URL(`/${folder}/${++last}`, context.canonicalOrigin)
