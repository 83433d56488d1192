// A group from its first thought to its first members: asked for, agreed to,
// found by its door, joined with one box, looked after, and left.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { look, plainPhone, say, startBrowser, startHearth, variants, visit } from './harness.mjs'
import { letIn, setUp } from './steps.mjs'

let browser, hearth, keeper, owner, member

const desk = variants.find((variant) => variant.name === 'desk-dark-scripts')

before(async () => {
  browser = await startBrowser()
  hearth = await startHearth()
  keeper = await visit(browser, desk)
  await setUp(keeper, hearth)
  owner = await visit(browser, plainPhone)
  await letIn(owner, keeper, hearth, { login: 'otter-signs', name: 'slow-river', password: 'meadow orchard cloud' })
  member = await visit(browser, plainPhone)
  await letIn(member, keeper, hearth, { login: 'heron-signs', name: 'soft-cloud', password: 'harbour kettle pebble' })
})

after(async () => {
  for (const visitor of [keeper, owner, member]) await visitor?.leave()
  await browser?.close()
  await hearth?.stop()
})

const press = (visitor, key) => visitor.page.getByRole('button', { name: say(key) }).first().click()
const follow = (visitor, key) => visitor.page.getByRole('link', { name: say(key), exact: true }).first().click()
const told = (visitor, key) => visitor.page.getByText(say(key)).first().waitFor()
const fill = (visitor, key, text) => visitor.page.getByRole('textbox', { name: say(key) }).fill(text)

let door

test('somebody asks for a group that could harm to be seen in, and an admin agrees', async () => {
  await owner.page.goto(`${hearth.base}/groups`)
  await look(owner, 'groups-none')
  await follow(owner, 'groups.ask')
  await look(owner, 'group-kind')
  await owner.page.getByRole('link', { name: say('group_kind.yes') }).click()
  await fill(owner, 'group_form.title', 'After the diagnosis')
  await fill(owner, 'group_form.purpose', 'The first months, in company.')
  await owner.page.getByLabel(say('group_form.situation')).selectOption('illness')
  await owner.page.getByLabel(say('group_form.joining.asked'), { exact: true }).check()
  await fill(owner, 'group_form.rules', 'Listen first.\nNo doses, no methods.')
  await owner.page.getByRole('checkbox').check()
  await press(owner, 'group_form.send')
  await owner.page.getByRole('link', { name: say('group_form.question_empty') }).waitFor() // the question
  assert.equal(await owner.page.getByLabel(say('group_form.title')).inputValue(), 'After the diagnosis')
  await look(owner, 'group-new-wrong')
  await fill(owner, 'group_form.question', 'What brings you here?')
  await press(owner, 'group_form.send')
  await told(owner, 'groups.waiting')
  await look(owner, 'groups-asked')

  await keeper.page.goto(`${hearth.base}/admin/groups`)
  await look(keeper, 'admin-groups')
  await press(keeper, 'group_admin.approve')
  await told(keeper, 'group_admin.none_asked')

  await owner.page.goto(`${hearth.base}/groups`)
  await owner.page.getByRole('link', { name: 'After the diagnosis' }).click()
  await told(owner, 'group.reads.members')
  assert.ok(!(await owner.page.title()).includes('diagnosis'), 'the tab does not name the group')
  door = `${owner.page.url()}/join`
  owner.blameless()
})

test('somebody comes in by the door, with one box', async () => {
  await member.page.goto(door)
  await look(member, 'group-door')
  await member.page.getByLabel('What brings you here?').fill('It was on Monday.')
  await member.page.getByRole('checkbox').check()
  await press(member, 'group.do.ask')
  await told(member, 'group_join.asked')

  await owner.page.goto(`${hearth.base}/notices`)
  await owner.page.getByRole('link', { name: say('notice.join_asked', { Group: 'After the diagnosis' }) }).click()
  await owner.page.getByText('It was on Monday.').waitFor()
  await look(owner, 'group-members')
  await press(owner, 'group_members.accept')
  await told(owner, 'group_members.accepted')
  assert.equal(await owner.page.getByText('It was on Monday.').count(), 0, 'the answer is erased')

  await member.page.goto(door)
  assert.equal(member.page.url(), door.replace('/join', ''), 'who is in is led on')
  member.blameless()
})

test('what changes is shown before it is done, and members agree again', async () => {
  const mod = door.replace('/g/', '/mod/g/').replace('/join', '')
  await owner.page.goto(mod)
  await look(owner, 'group-mod')
  await owner.page.getByLabel(say('group_form.readers.instance'), { exact: true }).check()
  await press(owner, 'group_audience.look')
  await told(owner, 'group_audience.change.readers_wider')
  await look(owner, 'group-audience')
  await press(owner, 'group_audience.do')
  await told(owner, 'group_audience.done')

  await member.page.goto(door)
  await member.page.getByText(say('group_join.again', { Version: '2' })).waitFor()
  await look(member, 'group-again')
  await member.page.getByRole('checkbox').check()
  await press(member, 'group_join.do_again')
  await told(member, 'group_join.accepted')
})

test('leaving, and taking back what one agreed to', async () => {
  await member.page.goto(`${hearth.base}/me`)
  await follow(member, 'me.consents.title')
  await look(member, 'consents')
  await press(member, 'group_consent.withdraw_leave')
  await told(member, 'group_consent.none')
  await look(member, 'consents-none')

  await owner.page.goto(door.replace('/join', '/leave'))
  await told(owner, 'group_leave.owner')
  await look(owner, 'group-leave-owner')
  owner.blameless()
})
