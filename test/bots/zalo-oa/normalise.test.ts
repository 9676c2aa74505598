import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalise } from '../../../bots/zalo-oa/normalise.ts'
import { accountsIn } from '../../../bots/zalo-oa/read.ts'
import { InboundEvent, type Normalised } from '../../../src/intake/event.ts'
import { fixture, fixtures } from './fixtures.ts'

const oa = '388613280878808645'
const person = '246845883529197922'

function normalised(body: unknown, account: string | null = oa): Normalised {
  return normalise({ accountExternalId: account, body: Buffer.from(JSON.stringify(body)) })
}

/** A person's event with these words in it. */
function said(message: object, more: object = {}): object {
  return {
    sender: { id: person },
    recipient: { id: oa },
    event_name: 'user_send_text',
    message: { msg_id: 'm1', ...message },
    timestamp: '1764000000000',
    ...more,
  }
}

function reasonOf(body: unknown, account?: string | null): string | undefined {
  const [item] = normalised(body, account)
  return item?.kind === 'ignored' ? item.reason : undefined
}

it.each([
  ['01-user-send-text', 'message'],
  ['02-user-send-image', 'message'],
  ['03-user-send-file', 'message'],
  ['04-follow', 'postback'],
  ['05-group-text-quote', 'group_message'],
  ['06-create-group', 'group_event'],
  ['07-oa-send-text-echo', 'echo'],
  ['08-user-withdraw', 'user_withdraw'],
  ['09-bad-signature', 'message'],
  ['10-redelivery', 'message'],
])('%s is one %s', (name, kind) => {
  const [item, ...others] = normalised(fixture(name).body)

  expect(others).toEqual([])
  expect(item?.kind === 'ignored' ? item.reason : item?.kind).toBe(kind)
  if (item !== undefined && item.kind !== 'ignored') expect(InboundEvent.parse(item)).toEqual(item)
})

it('every captured webhook is in the table above', () => {
  expect(fixtures).toHaveLength(10)
})

it('a question can be answered by quoting it', () => {
  expect(normalised(fixture('01-user-send-text').body)).toEqual([
    {
      kind: 'message',
      accountExternalId: oa,
      dedupeKey: '96d3cdf3af150460909',
      occurredAt: new Date(1764000000000),
      place: { kind: 'direct', id: person },
      threadKey: `user:${person}`,
      messageId: '96d3cdf3af150460909',
      author: { id: person, name: null },
      text: 'Cho hỏi giờ tiếp dân?',
      quotedMessageId: null,
      mentionsAccount: false,
      attachments: [],
      echoMark: null,
      address: { type: 'user', userId: person, quoteMessageId: '96d3cdf3af150460909' },
    },
  ])
})

it('a redelivery has the key of the first delivery', () => {
  expect(normalised(fixture('10-redelivery').body)).toEqual(normalised(fixture('01-user-send-text').body))
})

it('an echo has no address, names the OA as its author and stands in the person’s chat', () => {
  expect(normalised(fixture('07-oa-send-text-echo').body)).toMatchObject([
    {
      kind: 'echo',
      author: { id: oa },
      place: { kind: 'direct', id: person },
      messageId: 'o1',
      text: 'Mặt trận trả lời',
      address: null,
    },
  ])
})

describe('what is attached', () => {
  it.each([
    [
      'a picture',
      { type: 'image', payload: { url: 'https://x.zdn.vn/u.jpg' } },
      ['photo', 'https://x.zdn.vn/u.jpg', null],
    ],
    [
      'a file',
      { type: 'file', payload: { url: 'https://x.zdn.vn/f', name: 'đơn.pdf' } },
      ['file', 'https://x.zdn.vn/f', 'đơn.pdf'],
    ],
    [
      'a voice',
      { type: 'audio', payload: { url: 'https://x.zdn.vn/a.amr' } },
      ['voice', 'https://x.zdn.vn/a.amr', null],
    ],
    [
      'a place',
      { type: 'location', payload: { coordinates: { latitude: '18.67', longitude: '105.69' } } },
      ['location', null, '18.67, 105.69'],
    ],
    [
      'a link',
      { type: 'link', payload: { url: 'https://nghean.gov.vn', description: 'Báo' } },
      ['link', 'https://nghean.gov.vn', 'Báo'],
    ],
    ['a sticker', { type: 'sticker', payload: { id: 1, url: 'javascript:x' } }, ['sticker', null, null]],
    ['what nobody knows', { type: 'hologram' }, ['hologram', null, null]],
  ])('%s keeps its kind, address and name', (_name, attachment, [kind, url, name]) => {
    const [item] = normalised(said({ text: '', attachments: [attachment] }, { event_name: 'user_send_image' }))

    expect(item).toMatchObject({ kind: 'message', text: null, attachments: [{ kind, url, name }] })
  })

  it('one that cannot be read takes neither its neighbours nor the words along', () => {
    const attachments = [null, 7, { type: 'image', payload: 'odd' }, { type: 'gif', payload: { url: 'https://x/g' } }]

    const [item] = normalised(said({ text: 'Xem ảnh', attachments }))

    expect(item).toMatchObject({ text: 'Xem ảnh', attachments: [{ kind: 'photo', url: null }, { kind: 'gif' }] })
  })
})

const between = { sender: { id: person }, recipient: { id: oa } }

describe('what is not taken', () => {
  it.each([
    ['a receipt of nobody', { event_name: 'user_seen_message', message: { msg_ids: ['o1'] } }, 'malformed_receipt'],
    ['a receipt of nothing', { ...between, event_name: 'user_received_message', message: {} }, 'malformed_receipt'],
    ['a tag', { event_name: 'add_user_to_tag' }, 'add_user_to_tag'],
    ['a journey', { event_name: 'event_journey_timeout' }, 'event_journey'],
    ['an event of tomorrow', { event_name: 'user_waved' }, 'unknown_event'],
    ['somebody leaving', { event_name: 'unfollow', oa_id: oa, follower: { id: person } }, 'unfollow'],
    ['a follower without an id', { event_name: 'follow', oa_id: oa }, 'malformed_follow'],
    ['a message without its id', { ...said({}), message: { text: 'a' } }, 'malformed_message'],
    ['a message from nobody', { ...said({}), sender: {} }, 'malformed_message'],
    ['an echo without words or id', { event_name: 'oa_send_text', sender: { id: oa } }, 'malformed_echo'],
    ['no event', {}, 'malformed_delivery'],
    ['an id that is damaged', said({ msg_id: 2 ** 60 }), 'malformed_message'],
  ])('%s is counted under its reason', (_name, body, reason) => {
    expect(reasonOf(body)).toBe(reason)
  })

  it('what is said about another OA than the one whose secret signed it', () => {
    expect(reasonOf(fixture('01-user-send-text').body, '999')).toBe('other_account')
  })
})

describe('without a word', () => {
  const swapped = { sender: between.recipient, recipient: between.sender }

  it.each([
    ['received', 'user_received_message', { msg_ids: ['o1'] }, { kind: 'delivered', text: null }],
    ['seen', 'user_seen_message', { msg_ids: ['o1'] }, { kind: 'seen', text: null }],
    [
      'reacted to',
      'user_reacted_message',
      { msg_id: 'o1', react_icon: '/-heart' },
      { kind: 'reaction', text: '/-heart' },
    ],
  ])('a message is %s, whoever is called the sender', (_what, event_name, message, expected) => {
    for (const sides of [between, swapped]) {
      expect(normalised({ ...sides, event_name, message, timestamp: '1764000000000' })).toMatchObject([
        { ...expected, messageId: 'o1', author: { id: person }, place: { kind: 'direct', id: person }, address: null },
      ])
    }
  })

  it('several messages are seen at once, each an event of its own', () => {
    const items = normalised({ ...between, event_name: 'user_seen_message', message: { msg_ids: ['o1', 'o2'] } })

    expect(items).toMatchObject([{ messageId: 'o1' }, { messageId: 'o2' }])
  })

  it('the account reacts itself', () => {
    const reacted = { event_name: 'oa_reacted_message', message: { msg_id: 'm1', react_icon: '/-strong' } }

    expect(normalised({ ...between, ...reacted })).toMatchObject([{ kind: 'reaction', author: { id: oa } }])
  })
})

it('what somebody anonymous writes is kept, without an address to answer to', () => {
  const [item] = normalised(said({ text: 'Giấu tên' }, { event_name: 'anonymous_send_text' }))

  expect(item).toMatchObject({
    kind: 'message',
    text: 'Giấu tên',
    author: { id: `anonymous:${person}` },
    address: null,
  })
})

it('a body without a time leaves the time to its receiver', () => {
  const { timestamp: _none, ...body } = said({ text: 'Alo' }) as { timestamp: string }

  expect(normalised(body)).toMatchObject([{ kind: 'message', occurredAt: new Date(0) }])
})

it('the account is looked for where an event names it', () => {
  expect(accountsIn(fixture('01-user-send-text').body)).toEqual([oa, person])
  expect(accountsIn(fixture('07-oa-send-text-echo').body)).toEqual([person, oa])
  expect(accountsIn(fixture('04-follow').body)).toEqual([oa])
  expect(accountsIn(fixture('05-group-text-quote').body)[0]).toBe(oa)
  expect(accountsIn(null)).toEqual([])
})

describe('normalise is total', () => {
  const names = [
    ...['user_send_text', 'user_send_image', 'oa_send_text', 'anonymous_send_text', 'follow', 'unfollow'],
    ...['user_withdraw', 'user_seen_message', 'user_send_group_text', 'event_journey_x', '__proto__', 'constructor'],
  ]
  const odd = fc.oneof(fc.jsonValue(), fc.constantFrom(oa, person, '', '1764000000000', 1764000000000, null))
  const body = fc.record(
    {
      event_name: fc.constantFrom(...names),
      sender: fc.oneof(odd, fc.record({ id: odd, admin_id: odd })),
      recipient: fc.oneof(odd, fc.record({ id: odd })),
      follower: fc.oneof(odd, fc.record({ id: odd })),
      oa_id: odd,
      user_id: odd,
      message: fc.oneof(
        odd,
        fc.record({ msg_id: odd, msg_ids: fc.array(odd), text: odd, quote_msg_id: odd, attachments: odd }),
      ),
      timestamp: odd,
    },
    { requiredKeys: ['event_name'] },
  )

  it('of any body valid events or a named reason', () => {
    fc.assert(
      fc.property(fc.oneof(body, fc.jsonValue()), (any) => {
        const items = normalised(any)

        expect(items.length).toBeGreaterThan(0)
        for (const item of items) {
          if (item.kind === 'ignored') expect(item.reason).toMatch(/^[a-z_]+$/)
          else expect(InboundEvent.parse(item)).toEqual(item)
        }
      }),
    )
  })

  it('of any bytes, however deep', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`

    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(normalise({ accountExternalId: oa, body: Buffer.from(bytes) })).toMatchObject([{ kind: 'ignored' }])
      }),
    )
    expect(normalise({ accountExternalId: oa, body: Buffer.from(deep) })).toMatchObject([{ kind: 'ignored' }])
    expect(reasonOf(said({ text: 'a', attachments: { deep: true } }))).toBeUndefined()
  })
})
