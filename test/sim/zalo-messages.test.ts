import { afterEach, describe, expect, it } from 'vitest'
import { type API, Reactions } from 'zca-js'
import { until } from '../support/until.ts'
import { connect, type Heard, ThreadType, type Town, town } from './zalo-client.ts'

let here: Town
const open: API[] = []

afterEach(async () => {
  for (const api of open.splice(0)) api.listener.stop()
  await here.sim.stop()
})

async function connected(): Promise<Town & { api: API; heard: Heard; gid: string; uid: string }> {
  here = await town()
  const { api, heard } = await connect(here.sim, here.credentials)
  open.push(api)
  const { sim, group, bot, lan } = here
  return { ...here, api, heard, gid: sim.groupIdFor(group, bot), uid: sim.uidOf(lan, bot) }
}

describe('what people write', () => {
  it.each([0, 1, 2, 3] as const)('arrives in a frame of kind %i', async (kind) => {
    const { sim, heard, group, lan, gid, uid } = await connected()

    const said = sim.say({ group, person: lan, text: 'Đèn đường ngõ 12 hỏng ạ', kind })

    const [message] = await until(() => heard.messages.length > 0 && heard.messages)
    expect(message).toMatchObject({ type: ThreadType.Group, threadId: gid, isSelf: false })
    expect(message?.data).toMatchObject({
      msgId: said.id,
      cliMsgId: said.cliMsgId,
      msgType: 'webchat',
      uidFrom: uid,
      dName: 'Nguyễn Thị Lan',
      content: 'Đèn đường ngõ 12 hỏng ạ',
    })
  })

  it('arrives 1:1 as a message to us', async () => {
    const { sim, heard, bot, lan, uid } = await connected()

    sim.say({ account: bot, person: lan, text: 'Tôi là cán bộ' })

    const [message] = await until(() => heard.messages.length > 0 && heard.messages)
    expect(message).toMatchObject({ type: ThreadType.User, threadId: uid, isSelf: false })
    expect(message?.data).toMatchObject({ uidFrom: uid, idTo: bot, content: 'Tôi là cán bộ' })
  })

  it('carries a quote whose owner survives as 19 digits, and a mention of the account', async () => {
    const { sim, heard, group, lan, bot, uid } = await connected()
    const first = sim.say({ group, person: lan, text: 'Cống tắc' })

    const { id } = sim.say({ group, person: lan, text: 'bao giờ xong ạ', quote: first.id, mentions: [bot] })

    const message = await until(() => heard.messages.find(({ data }) => data.msgId === id))
    expect(message?.data.content).toBe('@Mặt trận xã bao giờ xong ạ')
    expect(message?.data.quote).toMatchObject({ ownerId: uid, globalMsgId: Number(first.id), msg: 'Cống tắc' })
    expect(message?.data).toMatchObject({ mentions: [{ uid: bot, pos: 0, len: 12, type: 0 }] })
  })

  it('can be a picture, a file or a sticker', async () => {
    const { sim, heard, group, lan } = await connected()

    sim.say({ group, person: lan, text: 'Ngập', photo: {} })
    sim.say({ group, person: lan, file: { name: 'don.pdf' } })
    sim.say({ group, person: lan, sticker: true })

    await until(() => heard.messages.length === 3)
    const byType = new Map(heard.messages.map(({ data }) => [data.msgType, data.content]))
    expect([...byType.keys()].sort()).toEqual(['chat.photo', 'chat.sticker', 'share.file'])
    expect(byType.get('chat.photo')).toMatchObject({ title: 'Ngập' })
  })

  it('can be taken back and reacted to', async () => {
    const { sim, heard, group, lan, uid, gid } = await connected()
    const { id } = sim.say({ group, person: lan, text: 'nhầm' })

    sim.react({ person: lan, msgId: id, icon: '/-heart' })
    sim.undo({ person: lan, msgId: id })

    const [undo] = await until(() => heard.undos.length > 0 && heard.undos)
    expect(undo).toMatchObject({ threadId: gid, isSelf: false, isGroup: true })
    expect(undo?.data.content).toMatchObject({ globalMsgId: Number(id), deleteMsg: 1 })
    expect(String(undo?.data.content.srcId)).toBe(uid)
    const [reaction] = await until(() => heard.reactions.length > 0 && heard.reactions)
    expect(reaction?.data.content).toMatchObject({ rIcon: '/-heart', rMsg: [{ gMsgID: Number(id) }] })
    expect(sim.conversation({ group })).toMatchObject([{ undone: true, text: '', reactions: [{ icon: '/-heart' }] }])
  })
})

describe('what an account sends', () => {
  it('is seen by the group, logged once, and echoed with the client id', async () => {
    const { sim, api, heard, group, gid, bot } = await connected()

    const sent = await api.sendMessage({ msg: 'Mặt trận đã tiếp nhận' }, gid, ThreadType.Group)

    const msgId = String(sent.message?.msgId)
    expect(sim.conversation({ group })).toMatchObject([{ msgId, by: { account: bot }, text: 'Mặt trận đã tiếp nhận' }])
    const [echo] = await until(() => heard.messages.length > 0 && heard.messages)
    expect(echo).toMatchObject({ isSelf: true, threadId: gid, data: { msgId, uidFrom: bot } })
    const posted = sim.log.filter((entry) => entry.what === 'posted')
    expect(posted).toMatchObject([
      { account: bot, msgId, thread: { group }, cliMsgId: echo?.data.cliMsgId, quote: null },
    ])
  })

  it('can quote a resident and mention them', async () => {
    const { sim, api, heard, group, lan, gid, uid } = await connected()
    const { id } = sim.say({ group, person: lan, text: 'Hỏi thủ tục thẻ BHYT?' })
    const [asked] = await until(() => heard.messages.length > 0 && heard.messages)
    if (!asked) throw new Error('nothing was heard')
    const mentions = [{ pos: 0, uid, len: 15 }]

    await api.sendMessage({ msg: '@Nguyễn Thị Lan: mời bà ra xã', quote: asked.data, mentions }, gid, ThreadType.Group)

    const [, answer] = sim.conversation({ group })
    expect(answer?.quote).toEqual({ msgId: id, name: 'Nguyễn Thị Lan', text: 'Hỏi thủ tục thẻ BHYT?' })
    expect(answer?.mentions).toEqual([{ who: { person: lan }, pos: 0, len: 15 }])
    await until(() => heard.messages.length === 2)
    expect(heard.messages[1]?.data.quote).toMatchObject({ ownerId: uid, globalMsgId: Number(id) })
  })

  it('goes 1:1, plain and quoted', async () => {
    const { sim, api, heard, lan, bot, uid } = await connected()
    sim.say({ account: bot, person: lan, text: 'ma 123' })
    const [asked] = await until(() => heard.messages.length > 0 && heard.messages)
    if (!asked) throw new Error('nothing was heard')

    await api.sendMessage('Chào bà', uid, ThreadType.User)
    await api.sendMessage({ msg: 'Đã nhận', quote: asked.data }, uid, ThreadType.User)

    const seen = sim.conversation({ account: bot, person: lan })
    expect(seen.map(({ text, quote }) => [text, quote?.text ?? null])).toEqual([
      ['ma 123', null],
      ['Chào bà', null],
      ['Đã nhận', 'ma 123'],
    ])
    await until(() => heard.messages.length === 3)
    expect(heard.messages.map(({ isSelf, threadId }) => [isSelf, threadId])).toEqual([
      [false, uid],
      [true, uid],
      [true, uid],
    ])
  })

  it('can be undone with the client id of the echo, and only with that', async () => {
    const { sim, api, heard, group, gid } = await connected()
    const sent = await api.sendMessage('sai rồi', gid, ThreadType.Group)
    const msgId = String(sent.message?.msgId)
    const [echo] = await until(() => heard.messages.length > 0 && heard.messages)

    await expect(api.undo({ msgId, cliMsgId: '1' }, gid, ThreadType.Group)).rejects.toMatchObject({ code: 114 })
    await api.undo({ msgId, cliMsgId: String(echo?.data.cliMsgId) }, gid, ThreadType.Group)

    expect(sim.conversation({ group })).toMatchObject([{ msgId, undone: true }])
    await until(() => heard.undos.length > 0)
    expect(heard.undos[0]?.isSelf).toBe(true)
  })

  it('is refused with 114 when ids are another account’s or a quote does not belong', async () => {
    const { sim, api, heard, group, lan, bot, gid } = await connected()
    const { uid: other } = sim.addAccount({ name: 'Tài khoản khác' })
    sim.say({ account: bot, person: lan, text: 'riêng' })
    const [direct] = await until(() => heard.messages.length > 0 && heard.messages)
    if (!direct) throw new Error('nothing was heard')

    const wrongGroup = api.sendMessage('a', sim.groupIdFor(group, other), ThreadType.Group)
    const wrongUser = api.sendMessage('a', sim.uidOf(lan, other), ThreadType.User)
    const wrongQuote = api.sendMessage({ msg: 'a', quote: direct.data }, gid, ThreadType.Group)

    for (const refused of [wrongGroup, wrongUser, wrongQuote]) {
      await expect(refused).rejects.toMatchObject({ code: 114 })
    }
    expect(sim.log.filter((entry) => entry.what === 'posted')).toEqual([])
  })

  it('reacts, and marks as seen, delivered and typing', async () => {
    const { sim, api, heard, group, lan, gid } = await connected()
    const { id } = sim.say({ group, person: lan, text: 'Cảm ơn' })
    const [message] = await until(() => heard.messages.length > 0 && heard.messages)
    if (!message) throw new Error('nothing was heard')

    await api.addReaction(Reactions.HEART, { data: message.data, threadId: gid, type: ThreadType.Group })
    await api.sendSeenEvent([message.data], ThreadType.Group)
    await api.sendDeliveredEvent(true, [message.data], ThreadType.Group)
    await api.sendTypingEvent(gid, ThreadType.Group)

    expect(sim.conversation({ group })).toMatchObject([
      { msgId: id, reactions: [{ name: 'Mặt trận xã', icon: '/-heart' }] },
    ])
    await until(() => heard.reactions.length > 0)
    expect(heard.reactions[0]?.isSelf).toBe(true)
  })
})
