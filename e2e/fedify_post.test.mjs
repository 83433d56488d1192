// People of other software write in a hearth's groups: what they may is shown
// and passed on, and what they may not changes nothing.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { look, say, startBrowser, until } from './harness.mjs'
import { meetings, join, makeGroup, meet, misses, reply, sees } from './neighbours.mjs'

const rowan = { login: 'rowan-signs', name: 'slow-river', password: 'meadow orchard cloud' }

let browser
before(async () => {
  browser = await startBrowser()
})
after(() => browser?.close())

for (const { engine, knock } of meetings) {
  test(`people of Fedify write in a hearth's groups: ${engine}, ${knock}`, (t) => meet(t, { browser, engine, knock, people: { rowan }, journey }))
}

function journey({ oak, stranger, knock, keeper, rowan: member }) {
  const host = new URL(oak.base).host
  const answerTo = (follow) => until(`an answer to ${follow.id}`, async () =>
    (await stranger.do('mail')).find(({ type, objectId }) => ['Accept', 'Reject'].includes(type) && objectId === follow.id))
  // announced waits for a group to pass on what was sent to it, in the very bytes.
  const announced = async ({ id, knocks }) => {
    const announce = await until(`the Announce of ${id}`, async () =>
      (await stranger.do('mail')).find(({ type, objectId }) => type === 'Announce' && objectId === id))
    const { body } = (await stranger.do('heard')).find((heard) => heard.body.includes(announce.id))
    assert.ok(body.includes(knocks.at(-1).sent), `what was sent stands in what was announced:\n${knocks.at(-1).sent}\n${body}`)
    return announce
  }
  const statuses = ({ knocks }) => knocks.map(({ status }) => status)
  // articles are the texts of a thread's posts, without when each was written and
  // whether it was changed.
  const articles = async (url) => {
    await member.page.goto(url)
    return member.page.getByRole('article').evaluateAll((posts) => posts.map((post) => {
      for (const time of post.querySelectorAll('time')) time.remove()
      return post.textContent.replace(/\bedited\b/, '').replaceAll(/[\s·()]+/g, ' ').trim()
    }))
  }
  let open, asked, openURL, askedURL, threadURL, thread, answer

  return {
    'somebody elsewhere joins an open group': async () => {
      openURL = await makeGroup(keeper, oak, { title: 'Night walks', name: 'walks' })
      askedURL = await makeGroup(keeper, oak, { title: 'Small gardens', name: 'gardens', question: 'What grows at yours?' })
      await join(member, openURL)
      for (const name of ['ada', 'ben', 'cleo']) await stranger.do('make', { name, title: `${name} of elsewhere` })
      open = (await stranger.do('lookUp', { what: `@walks@${host}` })).id
      asked = (await stranger.do('lookUp', { what: `@gardens@${host}` })).id
      await stranger.do('lookUp', { what: open, as: 'ada' })
      const knocks = (await stranger.do('asked', { url: open })).map(({ signature, status }) => [signature, status])
      assert.deepEqual(knocks, [['', 200], [knock, 200]])
      assert.equal((await answerTo(await stranger.do('follow', { as: 'ada', group: open }))).type, 'Accept')
    },

    'a person of here cannot be followed': async () => {
      const { id } = await stranger.do('lookUp', { what: `@${rowan.name}@${host}` })
      assert.equal((await answerTo(await stranger.do('follow', { as: 'ada', group: id }))).type, 'Reject')
    },

    'their thread is shown, and passed on': async () => {
      const sent = await stranger.do('write', { as: 'ada', group: open, name: 'From far away', content: '<p>May I walk <em>along</em>?<script>alert(1)</script></p>' })
      assert.deepEqual(statuses(sent), [202])
      thread = sent.objectId
      await sees(member, openURL, 'From far away')
      await member.page.getByRole('link', { name: 'From far away' }).click()
      threadURL = member.page.url()
      await member.page.getByRole('emphasis').getByText('along').waitFor()
      await member.page.getByText('ada of elsewhere').first().waitFor()
      await member.page.getByText(stranger.host).first().waitFor()
      assert.equal(await member.page.getByRole('article').locator('script').count(), 0)
      const { actor, object } = await announced(sent)
      assert.deepEqual([actor, object.type, object.object.id, object.object.name], [open, 'Create', thread, 'From far away'])
    },

    'they answer each other across servers': async () => {
      await reply(member, threadURL, 'You are welcome to.')
      const heard = await until('the answer of here', async () =>
        (await stranger.do('mail')).find(({ object }) => object?.object?.content?.includes('You are welcome')))
      assert.equal(heard.object.object.inReplyTo, thread)
      const sent = await stranger.do('write', { as: 'ada', group: open, content: '<p>Then I bring my lamp.</p>', inReplyTo: heard.object.object.id })
      answer = sent.objectId
      await sees(member, threadURL, 'Then I bring my lamp.')
      await announced(sent)
      await look(member, 'neighbours-thread')
    },

    'what somebody reports of theirs can be sent on': async () => {
      const { page } = member
      const door = await page.getByRole('article').filter({ hasText: 'Then I bring my lamp.' }).locator('a[href^="/report?"]').first().getAttribute('href')
      await page.goto(oak.base + door)
      await look(member, 'neighbours-report')
      await page.getByLabel(say('report.reason.unkind'), { exact: true }).check()
      await page.getByRole('button', { name: say('report.send'), exact: true }).click()
      await page.getByText(say('report.state_open')).waitFor()
      await keeper.page.goto(`${oak.base}/mod`)
      await look(keeper, 'neighbours-desk')
      await keeper.page.getByRole('link', { name: say('report.reason.unkind') }).click()
      await keeper.page.getByRole('heading', { name: say('forward.heading') }).waitFor()
      await look(keeper, 'neighbours-item')
      await keeper.page.goto(`${keeper.page.url()}/send`)
      await keeper.page.getByText(stranger.host).first().waitFor()
      await look(keeper, 'neighbours-send-on')
    },

    'reactions, and what is not understood, are taken and change nothing': async () => {
      const before = await articles(threadURL)
      for (const type of ['Like', 'Dislike', 'EmojiReact', 'Listen']) {
        assert.deepEqual(statuses(await stranger.do('react', { as: 'ada', group: open, type, object: answer })), [202], type)
      }
      // What is about one post is taken in its order: the change comes after them.
      const sent = await stranger.do('edit', { as: 'ada', group: open, id: answer, content: '<p>Then I bring my two lamps.</p>' })
      assert.deepEqual(statuses(sent), [202])
      await sees(member, threadURL, 'my two lamps')
      assert.deepEqual(await articles(threadURL), before.map((text) => text.replace('my lamp', 'my two lamps')))
      await announced(sent)
      const passedOn = (await stranger.do('mail')).filter(({ type }) => type === 'Announce').map(({ object }) => object.type)
      assert.deepEqual(passedOn, ['Create', 'Create', 'Create', 'Update'])
    },

    'what they delete is gone, and the thread stays': async () => {
      const sent = await stranger.do('remove', { as: 'ada', group: open, id: answer })
      assert.deepEqual(statuses(sent), [202])
      await misses(member, threadURL, 'my two lamps')
      await member.page.getByText('You are welcome to.').waitFor()
      await announced(sent)
    },

    'who has only asked is not heard': async () => {
      const follow = await stranger.do('follow', { as: 'ben', group: asked })
      await sees(keeper, `${askedURL.replace('/g/', '/mod/g/')}/members`, 'ben of elsewhere')
      assert.deepEqual((await stranger.do('mail')).filter(({ objectId }) => objectId === follow.id), [], 'an answer before anybody gave one')
      assert.equal((await answerTo(await stranger.do('follow', { as: 'ben', group: open }))).type, 'Accept')
      const sent = await stranger.do('write', { as: 'ben', group: asked, name: 'Beans', content: '<p>Too early.</p>' })
      assert.deepEqual(statuses(sent), [202])
      // The same words in a group that ben is in: when they stand there, the ones
      // before them were judged.
      await announced(await stranger.do('again', { as: 'ben', group: open, id: sent.objectId }))
      await sees(member, openURL, 'Beans')
      await keeper.page.goto(askedURL)
      assert.equal(await keeper.page.getByText('Beans').count(), 0)
    },

    'who a moderator lets in is heard': async () => {
      const { page } = keeper
      await page.goto(`${askedURL.replace('/g/', '/mod/g/')}/members`)
      await page.getByRole('button', { name: say('group_members.accept') }).click()
      await page.getByRole('status').getByText(say('group_members.answered_there')).waitFor()
      await until('an Accept', async () => (await stranger.do('mail')).find(({ type, actor }) => type === 'Accept' && actor === asked))
      await announced(await stranger.do('write', { as: 'ben', group: asked, name: 'Peas', content: '<p>In time.</p>' }))
      await sees(member, askedURL, 'Peas')
    },

    'what is read first waits for a moderator, and is announced then': async () => {
      const { page } = keeper
      await oak.run('policy', 'set', 'stranger.localhost', '--severity', 'hold')
      const sent = await stranger.do('write', { as: 'ben', group: open, name: 'Early birds', content: '<p>Is anybody awake at five?</p>' })
      assert.deepEqual(statuses(sent), [202])
      await sees(keeper, `${oak.base}/mod/held`, 'Is anybody awake at five?')
      await look(keeper, 'neighbours-held')
      await member.page.goto(openURL)
      assert.equal(await member.page.getByText('Early birds').count(), 0)
      await page.getByRole('button', { name: say('held.show') }).click()
      await page.getByRole('status').getByText(say('held.shown.one')).waitFor()
      await announced(sent)
      await sees(member, openURL, 'Early birds')
      await oak.run('policy', 'set', 'stranger.localhost', '--severity', 'allow')
    },

    'who is of a refused server is turned away at the door': async () => {
      await oak.run('policy', 'set', 'stranger.localhost', '--severity', 'suspend', '--without-looking')
      const { length } = await stranger.do('heard')
      const sent = await stranger.do('write', { as: 'cleo', group: open, name: 'Lost keys', content: '<p>Has somebody seen them?</p>' })
      const refusal = '{"error":"policy"}\n'
      assert.deepEqual(sent.knocks.map(({ status, said }) => [status, said]), [[403, refusal], [403, refusal]])
      assert.deepEqual(sent.knocks.map(({ signature }) => signature).sort(), ['cavage', 'rfc9421'])
      const heard = (await stranger.do('heard')).slice(length)
      assert.deepEqual(heard, [], 'requests to the refused server')
      await member.page.goto(openURL)
      assert.equal(await member.page.getByText('Lost keys').count(), 0)
      assert.equal((await stranger.do('ask', { url: open })).status, 200, 'what anybody may read without a signature')
      assert.equal(await stranger.do('lookUp', { what: open, as: 'cleo' }), null, 'what is asked with one')
    },
  }
}
