// What Fedify read, as plain values that another process can be told.
import { Collection, OrderedCollection, Activity, getTypeId, isActor } from '@fedify/fedify'

const hrefs = (ids) => ids.map((id) => id.href)
const kind = (object) => getTypeId(object).href.split('#').at(-1)

// plain is an object of any kind; what it carries is followed where Fedify
// trusts it or can fetch it (options go to its accessors).
export async function plain(object, options) {
  if (object == null) return null
  const common = {
    type: kind(object), id: object.id?.href ?? '', name: text(object.name), content: text(object.content), summary: text(object.summary),
    to: hrefs(object.toIds), cc: hrefs(object.ccIds), audience: hrefs(object.audienceIds), attributedTo: hrefs(object.attributionIds),
    inReplyTo: object.replyTargetId?.href ?? '', context: hrefs(object.contextIds), published: object.published?.toString() ?? '', updated: object.updated?.toString() ?? '',
    url: object.url?.href?.toString() ?? '', mediaType: object.mediaType ?? '',
  }
  if (object instanceof Activity) {
    return { ...common, actor: object.actorId?.href ?? '', objectId: object.objectId?.href ?? '', object: await plain(await object.getObject(options), options) }
  }
  if (isActor(object)) return { ...common, ...(await actor(object, options)) }
  if (object instanceof Collection || object instanceof OrderedCollection) return { ...common, ...(await collection(object, options)) }
  return common
}

async function actor(object, options) {
  const key = await object.getPublicKey(options)
  return {
    preferredUsername: text(object.preferredUsername), inbox: object.inboxId?.href ?? '', outbox: object.outboxId?.href ?? '',
    followers: object.followersId?.href ?? '', featured: object.featuredId?.href ?? '', sharedInbox: object.endpoints?.sharedInbox?.href ?? '',
    manuallyApprovesFollowers: object.manuallyApprovesFollowers,
    key: { id: key?.id?.href ?? '', owner: key?.ownerId?.href ?? '', algorithm: key?.publicKey?.algorithm.name ?? '' },
  }
}

async function collection(object, options) {
  const items = []
  for await (const item of object.getItems(options)) items.push(await plain(item, options))
  return { totalItems: object.totalItems, items }
}

const text = (value) => value?.toString() ?? ''
