// Members of a hearth take part in a group that lives on a server of other
// software: Fedify lets them in, or not, and passes on what is written.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { look, say, startBrowser, until } from './harness.mjs'
import { meetings, join, meet, misses, openMenu, reply, sees, writeThread } from './neighbours.mjs'

const people = {
  rowan: { login: 'rowan-signs', name: 'slow-river', password: 'meadow orchard cloud' },
  maya: { login: 'maya-signs', name: 'soft-cloud', password: 'harbour kettle pebble' },
}

let browser
before(async () => {
  browser = await startBrowser()
})
after(() => browser?.close())

for (const { engine, knock } of meetings) {
  test(`members take part in a group of Fedify's: ${engine}, ${knock}`, (t) => meet(t, { browser, engine, knock, people, journey }))
}

function journey({ oak, stranger, rowan, maya }) {
  const host = stranger.host
  const mailed = (what, is) => until(what, async () => (await stranger.do('mail')).find(is))
  let group, groupURL, threadURL, create, post, answer

  // lookUp finds the group from the page where members look for one.
  async function lookUp({ page }) {
    await page.goto(`${oak.base}/groups`)
    await page.getByRole('link', { name: say('groups.elsewhere') }).click()
    await page.getByRole('textbox', { name: say('lookup.words') }).fill(`!gardeners@${host}`)
    await page.getByRole('button', { name: say('lookup.do') }).click()
    await page.getByRole('heading', { level: 1, name: 'Gardeners' }).waitFor()
    return page.url()
  }

  return {
    'a member finds the group, follows, and is let in': async () => {
      await stranger.do('make', { name: 'gardeners', type: 'Group', title: 'Gardeners' })
      await stranger.do('make', { name: 'ben', title: 'Ben of elsewhere' })
      groupURL = await lookUp(rowan)
      await look(rowan, 'elsewhere-found')
      await rowan.page.goto(`${groupURL}/join`)
      await look(rowan, 'elsewhere-door')
      await join(rowan, groupURL)
      await rowan.page.getByRole('status').getByText(say('group_join.asked_elsewhere', { Server: host })).waitFor()
      const follow = await mailed('a Follow', ({ type }) => type === 'Follow')
      group = follow.objectId
      const { type, preferredUsername, id } = await stranger.do('lookUp', { what: follow.actor })
      assert.deepEqual([type, preferredUsername, id], ['Person', people.rowan.name, follow.actor])
      await sees(rowan, groupURL, say('elsewhere.follow.followed'))
      await look(rowan, 'elsewhere-followed')
      assert.deepEqual(await stranger.do('followers', { name: 'gardeners' }), [follow.actor])
    },

    'what they write is received, and not shown yet': async () => {
      threadURL = await writeThread(rowan, groupURL, { title: 'First frost', text: 'Cover the *beans*.', copies: true })
      create = await mailed('the Create', ({ type }) => type === 'Create')
      post = create.object
      assert.deepEqual([post.type, post.name, post.content.trim()], ['Page', 'First frost', '<p>Cover the <em>beans</em>.</p>'])
      assert.deepEqual([create.actor, post.audience, post.id], [post.attributedTo[0], [group], threadURL])
      assert.deepEqual(await stranger.do('lookUp', { what: post.id }), post)
      await sees(rowan, threadURL, say('post.state.received', { Host: host }))
      await look(rowan, 'elsewhere-received')
    },

    'it is shown when the group has passed it on': async () => {
      await stranger.do('passOn', { group: 'gardeners', id: create.id })
      await sees(rowan, threadURL, say('post.state.shown', { Host: host }))
    },

    'so are answers': async () => {
      await reply(rowan, threadURL, 'And bring in the lemons.')
      const { id, object } = await mailed('the answer', (activity) => activity.type === 'Create' && activity.object.inReplyTo === post.id)
      answer = object
      assert.equal(object.content.trim(), '<p>And bring in the lemons.</p>')
      await sees(rowan, threadURL, say('post.state.received', { Host: host }))
      await stranger.do('passOn', { group: 'gardeners', id })
      await misses(rowan, threadURL, say('post.state.received', { Host: host }))
    },

    'what others write there is shown here, changes and goes': async () => {
      const { objectId: id } = await stranger.do('write', { as: 'ben', group, content: '<p>Mine froze <strong>already</strong>.</p>', inReplyTo: post.id })
      await sees(rowan, threadURL, 'Mine froze already.')
      await rowan.page.getByText('Ben of elsewhere').first().waitFor()
      await look(rowan, 'elsewhere-shown')
      await stranger.do('edit', { as: 'ben', group, id, content: '<p>Mine froze on Monday.</p>' })
      await sees(rowan, threadURL, 'Mine froze on Monday.')
      await stranger.do('remove', { as: 'ben', group, id })
      await misses(rowan, threadURL, 'Mine froze on Monday.')
      await stranger.do('write', { as: 'ben', group, name: 'Seeds to share', content: '<p>Peas, mostly.</p>' })
      await sees(rowan, groupURL, 'Seeds to share')
    },

    'what they change and delete is told to the group': async () => {
      const { page } = rowan
      await openMenu(rowan, threadURL, 'lemons', 'post.edit')
      await page.getByRole('textbox', { name: say('editor.text') }).fill('And bring in both lemons.')
      await page.getByRole('button', { name: say('editor.save'), exact: true }).click()
      const update = await mailed('the change', ({ type }) => type === 'Update')
      assert.deepEqual([update.object.id, update.object.content.trim()], [answer.id, '<p>And bring in both lemons.</p>'])
      await openMenu(rowan, threadURL, 'both lemons', 'post.delete')
      await page.getByRole('button', { name: say('delete.do') }).click()
      const { object } = await mailed('the deletion', ({ type }) => type === 'Delete')
      assert.deepEqual([object.type, object.id], ['Tombstone', answer.id])
    },

    'somebody whom the group refuses is told, and is not in': async () => {
      await stranger.do('change', { name: 'gardeners', opens: false })
      await join(maya, await lookUp(maya))
      await sees(maya, `${oak.base}/notices`, say('notice.join_refused', { Group: 'Gardeners' }))
      await maya.page.goto(groupURL)
      await maya.page.getByText(say('elsewhere.follow.open')).waitFor()
      await look(maya, 'elsewhere-not-followed')
      assert.equal((await stranger.do('followers', { name: 'gardeners' })).length, 1)
    },

    'who leaves takes their follow back': async () => {
      const { page } = rowan
      await page.goto(`${groupURL}/leave`)
      await page.getByRole('button', { name: say('group_leave.do.member'), exact: true }).click()
      const undo = await mailed('an Undo', ({ type }) => type === 'Undo')
      assert.deepEqual([undo.actor, undo.object.type, undo.object.objectId], [create.actor, 'Follow', group])
      await until('nobody follows', async () => (await stranger.do('followers', { name: 'gardeners' })).length === 0)
    },
  }
}
