import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalise } from '../../../bots/zalo/normalise.ts'
import { quotedIn } from '../../../bots/zalo/quoted.ts'
import { InboundEvent } from '../../../src/intake/event.ts'
import { botUid, deliveriesOf, delivery, fixture } from './fixtures.ts'

const groupId = '900000000000000001'
const resident = '1234567890123456789'

const quote = {
  ownerId: resident,
  cliMsgId: 1763999999100,
  globalMsgId: 7000000000001,
  cliMsgType: 1,
  ts: 1763999999150,
  msg: 'Đèn đường ngõ 12 hỏng',
  attach: '',
  fromD: 'Nguyễn Văn A',
  ttl: 0,
}

function quoting(given: object | undefined, message: object = {}): object {
  const data = { msgId: '9', uidFrom: '77', dName: 'Cán bộ', ts: '1764000000150', content: '#chuyen', quote: given }
  return { type: 1, threadId: groupId, isSelf: false, data, ...message }
}

const told = (given: object | undefined, message: object = {}): InboundEvent | null =>
  quotedIn(delivery('message', quoting(given, message)), '9')

describe('what a quote tells of a message that we never saw', () => {
  it('makes the event that the message itself would have made', () => {
    const sent = { msgId: '7000000000001', cliMsgId: '1763999999100', ts: '1763999999150', ttl: 0, msgType: 'webchat' }
    const data = { ...sent, uidFrom: resident, dName: 'Nguyễn Văn A', content: 'Đèn đường ngõ 12 hỏng' }
    const [asSent] = normalise(delivery('message', { type: 1, threadId: groupId, isSelf: false, data }))

    expect(told(quote)).toEqual(asSent)
  })

  it('is read from a captured frame, and from among old messages', () => {
    const [captured] = deliveriesOf(fixture('zca-02-group-quote-mention'))
    const old = delivery('old_messages', [null, quoting(quote)])

    expect(captured && quotedIn(captured, '7000000000102')).toMatchObject({
      messageId: '7000000000001',
      author: { id: resident, name: 'Nguyễn Văn A' },
      text: 'Đèn đường ngõ 12 hỏng',
    })
    expect(quotedIn(old, '9')).toMatchObject({ messageId: '7000000000001' })
  })

  it('a photo comes with its picture and its caption', () => {
    const attach = JSON.stringify({ title: 'Cống sập', href: 'https://photo.zdn.vn/1.jpg', thumb: '', params: '{}' })

    expect(told({ ...quote, cliMsgType: 32, msg: '', attach })).toMatchObject({
      text: 'Cống sập',
      attachments: [{ kind: 'photo', url: 'https://photo.zdn.vn/1.jpg' }],
      address: { quote: { msgType: 'chat.photo', content: { title: 'Cống sập' } } },
    })
  })

  it.each<[string, object | undefined, object]>([
    ['no quote', undefined, {}],
    ['a quote without an owner', { ...quote, ownerId: undefined }, {}],
    ['a quote without any time', { ...quote, ts: undefined, cliMsgId: undefined }, {}],
    ['a chat between two', quote, { type: 0 }],
  ])('%s tells nothing', (_what, given, message) => {
    expect(told(given, message)).toBeNull()
  })

  it('another message of the delivery is not looked at', () => {
    expect(quotedIn(delivery('message', quoting(quote)), '10')).toBeNull()
  })

  it('a quote of our own words is an echo', () => {
    expect(told({ ...quote, ownerId: botUid })).toMatchObject({ kind: 'echo' })
  })

  it('never throws, and tells valid events alone', () => {
    const odd = fc.oneof(fc.jsonValue(), fc.string(), fc.integer())
    const any = fc.record({
      globalMsgId: fc.oneof(fc.constant(7), odd),
      ownerId: fc.oneof(fc.constant(resident), odd),
      cliMsgId: odd,
      cliMsgType: odd,
      ts: fc.oneof(fc.constant(1763999999150), odd),
      msg: odd,
      attach: fc.oneof(fc.json(), odd),
      fromD: odd,
      ttl: odd,
    })
    fc.assert(
      fc.property(any, (given) => {
        const event = told(given)
        if (event !== null) expect(InboundEvent.safeParse(event).success).toBe(true)
      }),
    )
  })
})

describe('whoever quotes us in a group speaks to us', () => {
  it.each<[string, object | undefined, object, boolean]>([
    ['a quote of ours', { ...quote, ownerId: botUid }, {}, true],
    ['a quote of a neighbour', quote, {}, false],
    ['a quote of ours in our own words', { ...quote, ownerId: botUid }, { isSelf: true }, false],
    ['between two everything is said to us already', { ...quote, ownerId: botUid }, { type: 0 }, false],
  ])('%s', (_what, given, message, mentionsAccount) => {
    expect(normalise(delivery('message', quoting(given, message)))).toMatchObject([{ mentionsAccount }])
  })
})
