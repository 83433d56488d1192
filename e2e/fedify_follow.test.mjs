// A server of other software follows a hearth's group: Fedify finds it, is let
// in, reads all that is passed on, and leaves.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { look, say, startBrowser, until } from './harness.mjs'
import { meetings, join, makeGroup, meet, misses, openMenu, reply, sees, writeThread } from './neighbours.mjs'

const rowan = { login: 'rowan-signs', name: 'slow-river', password: 'meadow orchard cloud' }
const activityJSON = 'application/activity+json'

let browser
before(async () => {
  browser = await startBrowser()
})
after(() => browser?.close())

for (const { engine, knock } of meetings) {
  test(`Fedify follows a hearth's group: ${engine}, ${knock}`, (t) => meet(t, { browser, engine, knock, people: { rowan }, journey }))
}

function journey({ oak, stranger, knock, keeper, rowan: member }) {
  const host = new URL(oak.base).host
  let groupURL, group, thread, answer, threadURL
  // announced waits for an Announce of the group whose inner activity is as asked.
  const announced = (what, is) => until(what, async () =>
    (await stranger.do('mail')).find(({ type, actor, object }) => type === 'Announce' && actor === group.id && is(object)))
  const heardOf = async (words) => (await stranger.do('heard')).filter(({ body }) => body.includes(words))

  return {
    'it finds the group by its name': async () => {
      groupURL = await makeGroup(keeper, oak, { title: 'Night walks', name: 'walks' })
      await join(member, groupURL)
      const jrd = await stranger.do('webFinger', { resource: `acct:walks@${host}` })
      const self = jrd.links.find(({ rel }) => rel === 'self')
      assert.equal(jrd.subject, `acct:walks@${host}`)
      assert.deepEqual([self.type, self.properties], [activityJSON, { 'https://www.w3.org/ns/activitystreams#type': 'Group' }])
      group = await stranger.do('lookUp', { what: `@walks@${host}` })
      assert.equal(group.id, self.href)
    },

    'it reads what every server wants of a group': async () => {
      const { type, preferredUsername, name, url, attributedTo, manuallyApprovesFollowers, inbox, outbox, followers, sharedInbox, featured, key } = group
      assert.deepEqual({ type, preferredUsername, name, url, attributedTo, manuallyApprovesFollowers }, {
        type: 'Group', preferredUsername: 'walks', name: 'Night walks', url: groupURL, attributedTo: [`${group.id}/moderators`], manuallyApprovesFollowers: false,
      })
      assert.match(group.summary, /Night walks, and nothing else\.[^]*Listen first\./)
      assert.deepEqual({ inbox, outbox, followers, featured, sharedInbox }, {
        inbox: `${group.id}/inbox`, outbox: `${group.id}/outbox`, followers: `${group.id}/followers`, featured: `${group.id}/featured`, sharedInbox: `${oak.base}/inbox`,
      })
      assert.deepEqual(key, { id: `${group.id}#main-key`, owner: group.id, algorithm: 'RSASSA-PKCS1-v1_5' })
      assert.equal((await stranger.do('lookUp', { what: outbox })).type, 'OrderedCollection')
    },

    'documents have the one type that every server takes': async () => {
      for (const accept of [activityJSON, 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"', `${activityJSON}, application/ld+json`]) {
        const { status, type, vary } = await stranger.do('ask', { url: group.id, accept })
        assert.deepEqual([status, type, vary.includes('Accept')], [200, activityJSON, true], accept)
      }
      const page = await stranger.do('ask', { url: groupURL, accept: 'text/html' })
      assert.match(page.type, /^text\/html/)
    },

    'it reads what the server is, to the letter': async () => {
      const { software, protocols, openRegistrations, usage } = await stranger.do('nodeInfo', { url: oak.base })
      assert.deepEqual([software.name, protocols, openRegistrations], ['hearth', ['activitypub'], true])
      assert.deepEqual(Object.keys(usage.users).sort(), ['activeHalfyear', 'activeMonth', 'total'])
      const server = await stranger.do('lookUp', { what: `${oak.base}/actor` })
      assert.deepEqual([server.type, server.id, server.inbox, server.key.owner], ['Application', `${oak.base}/actor`, `${oak.base}/inbox`, server.id])
    },

    'it asks to follow, knocks once, and is let in': async () => {
      await stranger.do('make', { name: 'ada', title: 'Ada of elsewhere' })
      const { id, knocks } = await stranger.do('follow', { as: 'ada', group: group.id })
      assert.deepEqual(knocks.map(({ signature, status }) => [signature, status]), [[knock, 202]])
      const accept = await until('an Accept', async () => (await stranger.do('mail')).find(({ type }) => type === 'Accept'))
      assert.deepEqual([accept.actor, accept.objectId, accept.object.type], [group.id, id, 'Follow'])
      await sees(keeper, `${groupURL.replace('/g/', '/mod/g/')}/members`, 'Ada of elsewhere')
      await look(keeper, 'neighbours-members')
    },

    'who follows stays with the group': async () => {
      const { type, totalItems, items } = await stranger.do('lookUp', { what: group.followers, as: 'ada' })
      assert.deepEqual([type, totalItems, items], ['Collection', 0, []])
    },

    'it hears of a thread, and reads the same under its own address': async () => {
      await writeThread(keeper, groupURL, { title: 'For ourselves', text: 'The keeper has not agreed to copies.' })
      threadURL = await writeThread(member, groupURL, { title: 'Past midnight', text: 'The *river* was loud.' })
      const { object: create } = await announced('the thread', ({ object }) => object.name === 'Past midnight')
      thread = create.object
      assert.deepEqual([create.type, thread.type, thread.inReplyTo], ['Create', 'Page', ''])
      assert.equal(thread.content.trim(), '<p>The <em>river</em> was loud.</p>')
      assert.deepEqual([create.actor, thread.attributedTo, thread.audience], [thread.attributedTo[0], [create.actor], [group.id]])
      assert.ok(thread.to.includes('https://www.w3.org/ns/activitystreams#Public'), `to ${thread.to}`)
      assert.match(thread.published, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
      assert.equal(thread.id, threadURL)
      assert.deepEqual(await stranger.do('lookUp', { what: thread.id }), thread)
      assert.deepEqual(await stranger.do('lookUp', { what: create.id }), create)
    },

    'it reads who wrote it': async () => {
      const author = await stranger.do('lookUp', { what: `@${rowan.name}@${host}` })
      assert.deepEqual([author.type, author.id, author.preferredUsername], ['Person', thread.attributedTo[0], rowan.name])
      assert.deepEqual([author.key.owner, author.key.algorithm], [author.id, 'RSASSA-PKCS1-v1_5'])
      assert.deepEqual((await stranger.do('lookUp', { what: author.outbox })).items, [])
      assert.ok(!JSON.stringify(author).includes(rowan.login), 'the sign-in name')
    },

    'it hears of an answer': async () => {
      await reply(member, threadURL, 'And the owls were out.')
      const { object: create } = await announced('the answer', ({ object }) => object.content.includes('owls'))
      answer = create.object
      assert.deepEqual([create.type, answer.type, answer.inReplyTo, answer.context], ['Create', 'Note', thread.id, thread.context])
      assert.deepEqual(await stranger.do('lookUp', { what: answer.id, as: 'ada' }), answer)
      const { items } = await stranger.do('lookUp', { what: thread.context[0] })
      assert.deepEqual(items.map(({ id }) => id), [thread.id, answer.id])
    },

    'it is told by RFC 9421 where it takes nothing else': async () => {
      await stranger.do('want', { signature: 'rfc9421' })
      for (const words of ['And a fox went by.', 'And another.']) {
        await reply(member, threadURL, words)
        await announced(words, ({ object }) => object.content?.includes(words))
      }
      const told = async (words) => (await heardOf(words)).map(({ signature, status }) => [signature, status])
      assert.deepEqual(await told('And a fox went by.'), [['cavage', 401], ['cavage', 401], ['rfc9421', 202]])
      assert.deepEqual(await told('And another.'), [['rfc9421', 202]], 'what was found out is remembered')
      await stranger.do('want', {})
    },

    'it hears of a change': async () => {
      const { page } = member
      await openMenu(member, threadURL, 'owls', 'post.edit')
      await page.getByRole('textbox', { name: say('editor.text') }).fill('And two owls were out.')
      await page.getByRole('button', { name: say('editor.save'), exact: true }).click()
      const { object: update } = await announced('the change', ({ type }) => type === 'Update')
      assert.equal(update.object.content.trim(), '<p>And two owls were out.</p>')
      assert.deepEqual([update.object.id, update.object.published], [answer.id, answer.published])
      assert.ok(Date.parse(update.object.updated) >= Date.parse(answer.published), `updated ${update.object.updated}`)
      assert.deepEqual(await stranger.do('lookUp', { what: answer.id, as: 'ada' }), update.object)
    },

    'it leaves, and hears only that what it has is gone': async () => {
      const { knocks } = await stranger.do('unfollow', { as: 'ada', group: group.id })
      assert.deepEqual(knocks.map(({ status }) => status), [202])
      await misses(keeper, `${groupURL.replace('/g/', '/mod/g/')}/members`, 'Ada of elsewhere')
      // In a thread everything is told in its order: when the deletion has come,
      // the answer before it would have come as well.
      await reply(member, threadURL, 'Only for those who stayed.')
      await openMenu(member, threadURL, 'two owls', 'post.delete')
      await member.page.getByRole('button', { name: say('delete.do') }).click()
      const { object } = await announced('the deletion', ({ type }) => type === 'Delete')
      assert.deepEqual([object.actor, object.objectId, object.object.type, object.object.content], [thread.attributedTo[0], answer.id, 'Tombstone', ''])
      assert.deepEqual(await heardOf('Only for those who stayed'), [])
      assert.equal((await stranger.do('ask', { url: answer.id })).status, 410)
    },

    'it never heard what its author did not agree to share': async () => {
      assert.deepEqual(await heardOf('has not agreed to copies'), [])
    },
  }
}
