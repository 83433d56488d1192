// From a stranger's door to being heard, and what happens when words hurt:
// joining by approval, a group, a thread, an answer, a report by somebody
// without an account, and what a moderator decides. Each has a device of their
// own.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { look, mixedVariants, picture, say, startBrowser, startHearth, visit } from './harness.mjs'
import { setUp, signIn } from './steps.mjs'

const rowan = { name: 'Slow_River', login: 'rowan', password: 'orchard kettle harbour' }
const group = { title: 'Carers at night', purpose: 'For those who are awake when everybody else sleeps.' }
const thread = { title: 'The third night', text: 'I have not slept since *Tuesday*. Is somebody there?' }
const answer = 'I am here. Put the kettle on first.'
const unkind = 'You with your kettle. Others have it far worse.'
const reason = 'It compares one grief with another.'

// typing is the pause between two letters, in milliseconds, of somebody who
// types well: the page takes those who are done in three seconds for machines.
const typing = 150

let browser

before(async () => {
  browser = await startBrowser()
})

after(() => browser?.close())

for (const variant of mixedVariants) {
  test(`somebody joins, writes and is answered, and a moderator is called: ${variant.name}`, async (t) => {
    const hearth = await startHearth()
    t.after(hearth.stop)
    const keeper = await arrive(t, variant)
    const member = await arrive(t, variant)
    const passer = await arrive(t, variant)
    await setUp(keeper, hearth)

    const steps = journey(hearth, { keeper, member, passer })
    for (const [name, step] of Object.entries(steps)) {
      let failed = true
      await t.test(name, async () => {
        await step()
        failed = false
      })
      if (!failed) continue
      await picture(keeper, 'journey-failed-keeper')
      await picture(member, 'journey-failed-member')
      await picture(passer, 'journey-failed-passer')
      return
    }
    keeper.blameless()
    member.blameless()
    passer.blameless()
  })
}

async function arrive(t, variant) {
  const visitor = await visit(browser, variant)
  t.after(visitor.leave)
  return visitor
}

// journey is the steps in their order; each begins where the one before ended.
function journey(hearth, { keeper, member, passer }) {
  let groupURL, threadURL, receiptURL, reportURL
  return {
    'the keeper makes a group': async () => {
      const { page } = keeper
      await page.goto(`${hearth.base}/groups/new`)
      await press(page, 'link', 'group_kind.no')
      await fill(page, 'group_form.title', group.title)
      await fill(page, 'group_form.purpose', group.purpose)
      await field(page, 'group_form.situation').selectOption({ index: 1 })
      await fill(page, 'group_form.rules', 'Listen first.\nNo numbers that could harm.')
      await agree(page)
      await look(keeper, 'journey-group-new')
      await press(page, 'button', 'groups.make')
      await told(page, 'groups.made')
      groupURL = page.url()
      await look(keeper, 'journey-group-empty')
    },

    'a stranger reads what the group is for, and asks to join the place': async () => {
      const { page } = member
      await page.goto(groupURL)
      await page.getByText(group.purpose).waitFor()
      await look(member, 'journey-group-stranger')
      await page.goto(`${hearth.base}/join`)
      await fill(page, 'person.public_name', rowan.name)
      await fill(page, 'person.login', rowan.login)
      await fill(page, 'person.password', rowan.password)
      await field(page, 'join.question').pressSequentially('I look after my brother.', { delay: typing })
      await page.getByLabel(say('join.old_enough', { Age: 18 })).check()
      await press(page, 'button', 'join.ask')
      await page.getByText(say('apply.waiting')).waitFor()
      receiptURL = page.url()
      await look(member, 'journey-receipt-waiting')
    },

    'the keeper lets them in': async () => {
      const { page } = keeper
      await page.goto(`${hearth.base}/admin/registration`)
      await page.getByRole('link', { name: rowan.name }).click()
      await look(keeper, 'journey-applicant')
      await press(page, 'button', 'applicants.approve')
      await told(page, 'applicants.approved')
    },

    'they see it with their code, and sign in': async () => {
      const { page } = member
      await page.goto(receiptURL)
      await page.getByText(say('apply.approved')).waitFor()
      await look(member, 'journey-receipt-approved')
      await signIn(member, hearth, rowan)
      await page.getByRole('heading', { name: say('home.title') }).waitFor()
      await look(member, 'journey-home-empty')
    },

    'they join the group, with what it agreed on in sight': async () => {
      const { page } = member
      await page.goto(groupURL)
      await page.getByRole('link', { name: say('group.do.join'), exact: true }).click()
      await page.getByText('No numbers that could harm.').waitFor()
      await look(member, 'journey-group-join')
      await agree(page)
      await press(page, 'button', 'group_join.do')
      await told(page, 'group_join.in')
    },

    'they look at their words before anybody else does, and write': async () => {
      const { page } = member
      await page.goto(groupURL)
      await press(page, 'link', 'group_page.write')
      await page.getByLabel(say('editor.title')).fill(thread.title)
      await fill(page, 'editor.text', thread.text)
      await press(page, 'button', 'editor.preview')
      await page.getByRole('heading', { name: say('editor.preview_heading') }).waitFor()
      await look(member, 'journey-write-preview')
      await press(page, 'button', 'editor.send')
      await page.getByRole('heading', { level: 1, name: thread.title }).waitFor()
      assert.equal(await page.getByRole('emphasis').innerText(), 'Tuesday')
      threadURL = page.url()
      await look(member, 'journey-thread-new')
    },

    'the keeper answers': async () => {
      const { page } = keeper
      await page.goto(groupURL)
      await page.getByRole('link', { name: thread.title }).click()
      await fill(page, 'thread.your_reply', answer)
      await press(page, 'button', 'editor.reply')
      await page.getByText(answer).waitFor()
      await look(keeper, 'journey-thread-answered')
    },

    'they hear of it, and find the first word that is new': async () => {
      const { page } = member
      await page.goto(`${hearth.base}/notices`)
      await page.getByRole('main').getByRole('listitem').first().waitFor()
      await look(member, 'journey-notices')
      await page.goto(`${hearth.base}/home`)
      await page.getByRole('main').getByText(say('part.new'), { exact: true }).first().waitFor()
      await look(member, 'journey-home')
      await page.getByRole('link', { name: say('thread.first_unread') }).click()
      await page.getByText(answer).waitFor()
      await look(member, 'journey-thread-unread')
    },

    'they answer in a bad moment': async () => {
      const { page } = member
      await fill(page, 'thread.your_reply', unkind)
      await press(page, 'button', 'editor.reply')
      await page.getByText(unkind).waitFor()
    },

    'somebody without an account calls a moderator': async () => {
      const { page } = passer
      await page.goto(threadURL)
      await look(passer, 'journey-thread-passer')
      const post = page.getByRole('article').filter({ hasText: unkind })
      await open(post)
      await post.getByRole('link', { name: say('report.link') }).click()
      await look(passer, 'journey-report')
      await page.getByLabel(say('report.reason.unkind'), { exact: true }).check()
      await page.getByLabel(say('report.words')).pressSequentially('It made me feel small.', { delay: typing })
      await press(page, 'button', 'report.send')
      await page.getByText(say('report.state_open')).waitFor()
      reportURL = page.url()
      await look(passer, 'journey-report-receipt')
    },

    'the moderator reads it and hides the words': async () => {
      const { page } = keeper
      await page.goto(`${hearth.base}/mod`)
      await look(keeper, 'journey-mod')
      await page.getByRole('link', { name: say('report.reason.unkind') }).click()
      await page.getByText('It made me feel small.').waitFor()
      await look(keeper, 'journey-mod-item')
      await page.getByLabel(say('measure.hide'), { exact: true }).check()
      await field(page, 'moderate.rule').selectOption({ index: 1 })
      await fill(page, 'moderate.reason', reason)
      await press(page, 'button', 'moderate.do')
      await told(page, 'moderate.done.hide')
      await look(keeper, 'journey-mod-decided')
    },

    'their author reads why': async () => {
      const { page } = member
      await page.goto(`${hearth.base}/notices`)
      await page.getByRole('link', { name: say('notice.decided.hide', { Group: group.title }) }).click()
      await page.getByText(reason).waitFor()
      await look(member, 'journey-decision')
    },

    'nobody else reads the words, and the thread stays': async () => {
      const { page } = passer
      await page.goto(threadURL)
      await page.getByText(answer).waitFor()
      assert.equal(await page.getByText(unkind).count(), 0)
      await look(passer, 'journey-thread-after')
      await page.goto(reportURL)
      await page.getByText(say('report.state_acted')).waitFor()
    },
  }
}

const field = (page, key) => page.getByLabel(say(key), { exact: true })
const fill = (page, key, words) => field(page, key).and(page.locator('input, textarea')).fill(words)
const press = (page, role, key) => page.getByRole(role, { name: say(key), exact: role === 'button' }).click()
const told = (page, key) => page.getByRole('status').getByText(say(key)).waitFor()

// agree ticks the one box that has to be ticked.
const agree = (page) => page.getByRole('checkbox', { name: /I agree that/ }).first().check()

// open unfolds the quieter things that can be done with a post.
async function open(post) {
  const more = post.locator('summary').filter({ hasText: say('post.more') })
  if (await more.count()) await more.click()
}
