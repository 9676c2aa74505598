import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { normalise } from '../../../bots/zalo/normalise.ts'
import { until } from '../../support/until.ts'
import { fixture, fixtureNames } from './fixtures.ts'
import { MemorySink, newStage, type Stage } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await newStage()
})
afterEach(() => stage.close())

describe('receiving', () => {
  it('what residents write is kept as the library says it', async () => {
    const { sink } = await stage.open()
    const msgId = stage.say('Đèn đường hỏng ạ', { mentions: [stage.uid] })
    stage.say('Em gửi ảnh', { photo: {}, quote: msgId })

    await until(() => sink.texts().length === 2)
    // The library deciphers frames side by side, so the second may be kept first.
    expect(sink.events.toSorted((a, b) => Number(a.messageId) - Number(b.messageId))).toMatchObject([
      { kind: 'message', messageId: msgId, mentionsAccount: true, accountExternalId: stage.uid },
      { kind: 'message', quotedMessageId: msgId, attachments: [{ kind: 'photo' }] },
    ])
    expect(sink.deliveries.map(({ lane }) => lane)).toEqual(['live', 'live'])
  })

  it.each([0, 1, 2, 3] as const)('frames sealed in kind %i are read with whole ids', async (kind) => {
    const { sink } = await stage.open()
    const asked = stage.say('Bao giờ có điện?')
    stage.say('Có ai biết không', { quote: asked, kind })

    await until(() => sink.texts().includes('Có ai biết không'))
    const quoting = sink.events.find(({ text }) => text === 'Có ai biết không') // it may have overtaken the other
    expect(quoting).toMatchObject({
      quotedMessageId: asked,
      author: { id: expect.stringMatching(/^\d{19}$/) },
    })
  })

  it('every captured frame goes through the real library without an unreadable delivery', async () => {
    const { sink } = await stage.open()
    for (const name of fixtureNames()) {
      const { header, wire_text } = fixture(name).body
      stage.sim.push(stage.uid, { cmd: header.cmd, sub: header.subCmd, text: wire_text })
    }
    stage.say('sau cùng')

    // The library deciphers frames side by side, so what was sent last may be heard before them.
    await until(
      () =>
        sink.texts().includes('sau cùng') &&
        sink.ignored.length >= 2 &&
        sink.texts('reaction').length > 0 &&
        sink.texts('echo').length > 0,
    )
    await until(() => sink.texts().includes('tin bị rơi'), { what: 'the frame on command 551' })
    expect(sink.ignored.toSorted()).toEqual(['group_event', 'group_event'])
    expect(sink.texts('echo')).toContain('tin của chính bot')
  })

  it('who received and who saw a message of ours is told, person by person', async () => {
    const { sink } = await stage.open()
    const lan = stage.sim.uidOf(stage.lan, stage.uid)
    const gid = stage.sim.groupIdFor(stage.groupId, stage.uid)
    const seen = { msgId: '7000000000201', groupId: gid, seenUids: [lan, '777', stage.uid] }
    const delivered = { msgId: '7000000000202', seen: 0, deliveredUids: [lan], seenUids: [], realMsgId: '0', mSTs: 1 }
    const data = (lists: object): string => JSON.stringify({ error_code: 0, data: lists })

    stage.sim.push(stage.uid, { cmd: 522, text: data({ delivereds: [], groupSeens: [seen] }) })
    stage.sim.push(stage.uid, { cmd: 502, text: data({ delivereds: [delivered], seens: [] }) })

    await until(() => sink.events.length === 3)
    expect(sink.events).toMatchObject([
      { kind: 'seen', messageId: '7000000000201', author: { id: lan }, place: { kind: 'group', id: gid } },
      { kind: 'seen', messageId: '7000000000201', author: { id: '777' } },
      { kind: 'delivered', messageId: '7000000000202', author: { id: lan }, place: { kind: 'direct', id: lan } },
    ])
    expect(new Set(sink.events.map(({ dedupeKey }) => dedupeKey)).size).toBe(3)
  })

  it.each([
    ['leaves', { itself: true }],
    ['is removed from', {}],
  ])('that the account %s a group is told', async (_what, more) => {
    const { sink } = await stage.open()

    stage.sim.leaveGroup({ group: stage.groupId, account: stage.uid, ...more })

    await until(() => sink.groupNews.some(({ happened }) => happened === 'left'))
    expect(sink.groupNews[0]?.groupId).toBe(stage.sim.groupIdFor(stage.groupId, stage.uid))
  })

  it('a group that is locked, opened, dissolved', async () => {
    const { sink } = await stage.open()
    const news = () => sink.groupNews.map(({ happened, isLocked, hidesMembers }) => [happened, isLocked, hidesMembers])

    stage.sim.setGroup({ group: stage.groupId, lockSendMsg: true })
    await until(() => news().length === 1)
    stage.sim.setGroup({ group: stage.groupId, lockSendMsg: false, lockViewMember: true })
    await until(() => news().length === 2)
    stage.sim.dissolveGroup({ group: stage.groupId })
    await until(() => news().length === 3)

    expect(news()).toEqual([
      ['settings', true, false],
      ['settings', false, true],
      ['dissolved', null, null],
    ])
  })

  it('how groups stand is read when it is asked', async () => {
    const { sim, uid, groupId } = stage
    const { readGroups } = await stage.open()
    const gid = sim.groupIdFor(groupId, uid)
    const standing = async () => (await readGroups([gid]))[0]?.standing

    expect(await readGroups([gid])).toEqual([{ groupId: gid, standing: 'open', hidesMembers: false }])
    sim.setGroup({ group: groupId, lockSendMsg: true, lockViewMember: true, silently: true })
    expect(await readGroups([gid])).toEqual([{ groupId: gid, standing: 'locked', hidesMembers: true }])
    sim.setGroup({ group: groupId, admins: [uid], silently: true })
    expect(await standing()).toBe('open')
    sim.leaveGroup({ group: groupId, account: uid })
    expect(await standing()).toBe('removed')
    await expect(readGroups(['1234567890'])).rejects.toThrow()
  })

  it('a message taken back is a removal, live and among old messages', async () => {
    const { sink } = await stage.open()
    const msgId = stage.say('Nhầm nhóm ạ')
    await until(() => sink.texts().length === 1)

    stage.sim.undo({ msgId })

    await until(() => sink.events.some(({ kind, messageId }) => kind === 'message_remove' && messageId === msgId))
    const later = new MemorySink()
    await stage.close()
    stage = await newStage()
    const second = stage.say('Nhầm lần nữa')
    stage.sim.undo({ msgId: second })
    await stage.open({ sink: later })
    expect(later.events.map(({ kind, messageId }) => [kind, messageId])).toEqual([
      ['message', second],
      ['message_remove', second],
    ])
  })

  it('a frame delivered twice gives the same key twice', async () => {
    const { sink } = await stage.open()
    stage.sim.failDeliveries({ do: 'duplicate' })
    stage.say('Hai lần')

    await until(() => sink.texts().length === 2)
    expect(sink.distinct()).toEqual(['Hai lần'])
  })

  it('an overtaking frame loses nothing and keeps its time', async () => {
    const { sink } = await stage.open()
    stage.sim.failDeliveries({ do: 'reorder' })
    stage.say('trước')
    stage.say('sau')

    await until(() => sink.texts().length === 2)
    const byTime = sink.events.toSorted((a, b) => Number(a.messageId) - Number(b.messageId))
    expect(byTime.map(({ text }) => text)).toEqual(['trước', 'sau'])
  })
})

describe('frames the library cannot read', () => {
  it('a body that is no JSON costs nothing: old messages bring the message back', async () => {
    const { sink } = await stage.open()
    stage.sim.failDeliveries({ do: 'malformed' })
    stage.say('Cầu bị sập')

    await until(() => sink.texts().includes('Cầu bị sập'))
    expect(sink.deliveries.at(-1)?.lane).toBe('backfill')
  })

  it('the neighbours of a broken element come back with the old messages', async () => {
    const { sink } = await stage.open()
    stage.sim.failDeliveries({ do: 'broken-element' })
    stage.say('Hàng xóm của phần tử hỏng')
    stage.say('Tin thường')

    await until(() => sink.distinct().length === 2)
  })

  it('a frame shorter than its header and a message before the key do no harm', async () => {
    const { sink } = await stage.open()
    stage.sim.pushBytes(stage.uid, Buffer.from([1, 2]))
    stage.sim.pushBytes(stage.uid, Buffer.from([1, 9, 2, 0, 123]))
    stage.say('vẫn nghe')

    await until(() => sink.texts().includes('vẫn nghe'))
    expect(stage.socketsOpened()).toBe(1)
  })

  it('messages between two on command 551 are read and the unknown command is counted', async () => {
    const { sink } = await stage.open()
    stage.sim.failDeliveries({ do: 'cmd551' })
    stage.sim.say({ account: stage.uid, person: stage.lan, text: 'Chào bot' })

    await until(() => sink.texts().includes('Chào bot'))
    await until(() => sink.strange.length === 1)
    expect(sink.strange).toEqual([{ command: 551, became: 'read' }])
  })

  it.each([
    ['551 whose contents nobody can open', 551, '{"encrypt":2,"data":"AAAA"}', 'unread'],
    ['551 that holds no messages as we know them', 551, '{"encrypt":0,"data":"{\\"data\\":{}}"}', 'unread'],
    ['one nobody knows, with contents', 777, '{"encrypt":0,"data":"{}"}', 'unread'],
    ['one nobody knows, that is no JSON', 777, 'xyz', 'unread'],
    ['one nobody knows, without contents', 777, '{"encrypt":0,"data":""}', 'empty'],
    ['one nobody knows, with a header alone', 777, '', 'empty'],
  ])('a strange frame: %s', async (_what, command, text, became) => {
    const { sink } = await stage.open()
    const header = Buffer.from([1, command & 255, command >> 8, 0])

    stage.sim.pushBytes(stage.uid, Buffer.concat([header, Buffer.from(text)]))

    await until(() => sink.strange.length === 1)
    expect(sink.strange).toEqual([{ command, became }])
  })
})

describe('a sink that is briefly away', () => {
  it('messages are held and kept once it is back', async () => {
    const { sink } = await stage.open()
    sink.down = true
    stage.say('một')
    stage.say('hai')
    await until(() => sink.refusals > 3)

    sink.down = false

    await until(() => sink.texts().length === 2)
    expect(sink.texts().toSorted()).toEqual(['hai', 'một'])
  })

  it('nothing is told as caught up before it is kept', async () => {
    stage.say('lúc mất điện')
    const sink = new MemorySink()
    sink.down = true
    await stage.open({ sink, settled: false })
    await until(() => sink.refusals > 3)
    expect(sink.caughtUps).toEqual([])

    sink.down = false

    await until(() => sink.caughtUps.length === 1)
    expect(sink.texts()).toEqual(['lúc mất điện'])
  })

  it('what no longer fits in memory is asked for again', async () => {
    const { sink } = await stage.open({ waits: { heldAtMost: 2 } })
    sink.down = true
    for (const text of ['một', 'hai', 'ba', 'bốn']) stage.say(text)
    await until(() => sink.refusals > 3)

    sink.down = false

    await until(() => sink.distinct().length === 4)
  })
})

describe('old messages', () => {
  it('both kinds written while away arrive, our own among them', async () => {
    stage.say('trong nhóm')
    stage.sim.say({ account: stage.uid, person: stage.lan, text: 'tin riêng' })
    stage.sim.say({ group: stage.groupId, as: 'account', account: stage.uid, text: 'từ điện thoại' })

    const { sink } = await stage.open()

    expect(sink.texts().toSorted()).toEqual(['tin riêng', 'trong nhóm'])
    expect(sink.texts('echo')).toEqual(['từ điện thoại'])
    expect(new Set(sink.deliveries.map(({ lane }) => lane))).toEqual(new Set(['backfill']))
  })

  it('a long absence arrives in deliveries of a bearable size', async () => {
    for (let index = 0; index < 450; index += 1) stage.say(`tin ${index}`)

    const { sink } = await stage.open()

    expect(sink.deliveries.map(({ delivery }) => normalise(delivery).length).toSorted()).toEqual([200, 200, 50])
  })

  it('a request ends in caughtUp with its own time and keeps only what is new', async () => {
    const { sink, listener } = await stage.open()
    stage.say('đã có')
    await until(() => sink.texts().length === 1)
    stage.sim.failDeliveries({ do: 'lose' })
    stage.say('bị lạc')
    const asked = new Date()

    listener.requestBackfill()

    await until(() => sink.caughtUps.length === 2)
    expect(sink.caughtUps.at(-1)?.getTime()).toBeGreaterThanOrEqual(asked.getTime())
    expect(sink.texts()).toEqual(['đã có', 'bị lạc'])
  })

  it('lost frames are found without being asked for', async () => {
    const { sink } = await stage.open({ waits: { backfillEveryMs: 20 } })
    stage.sim.failDeliveries({ do: 'lose' })
    stage.say('bị lạc')

    await until(() => sink.texts().includes('bị lạc'))
  })
})
