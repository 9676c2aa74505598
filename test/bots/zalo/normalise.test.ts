import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ZaloAddress } from '../../../bots/zalo/address.ts'
import { normalise } from '../../../bots/zalo/normalise.ts'
import { InboundEvent } from '../../../src/intake/event.ts'
import { botUid, deliveriesOf, delivery, fixture, onlyEvent } from './fixtures.ts'

const groupId = '900000000000000001'
const resident = '1234567890123456789'

function normaliseFixture(name: string): ReturnType<typeof normalise> {
  return deliveriesOf(fixture(name)).flatMap(normalise)
}

/** A group message as zca-js emits it, with overrides. */
function groupMessage(data: object = {}, message: object = {}): object {
  return {
    type: 1,
    threadId: groupId,
    isSelf: false,
    data: {
      msgId: '7000000000101',
      cliMsgId: '1764000000100',
      msgType: 'webchat',
      uidFrom: resident,
      idTo: groupId,
      dName: 'Nguyễn Văn A',
      ts: '1764000000150',
      content: 'Cho tôi hỏi',
      ttl: 0,
      propertyExt: { color: 0 },
      ...data,
    },
    ...message,
  }
}

describe('captured frames', () => {
  it('a group text becomes a message that can be answered by quoting it', () => {
    expect(normaliseFixture('zca-01-group-text')).toEqual([
      {
        kind: 'message',
        accountExternalId: botUid,
        dedupeKey: '900000000000000001:7000000000101',
        occurredAt: new Date(1_764_000_000_150),
        place: { kind: 'group', id: groupId },
        threadKey: 'group:900000000000000001:7000000000101',
        messageId: '7000000000101',
        author: { id: resident, name: 'Nguyễn Văn A' },
        text: 'Cho tôi hỏi thủ tục cấp thẻ BHYT cho người cao tuổi?',
        quotedMessageId: null,
        mentionsAccount: false,
        attachments: [],
        echoMark: null,
        address: {
          type: 'group',
          groupId,
          quote: {
            content: 'Cho tôi hỏi thủ tục cấp thẻ BHYT cho người cao tuổi?',
            msgType: 'webchat',
            propertyExt: { color: 0, size: 0, type: 0, subType: 0, ext: '{"shouldParseLinkOrContact":0}' },
            uidFrom: resident,
            msgId: '7000000000101',
            cliMsgId: '1764000000100',
            ts: '1764000000150',
            ttl: 0,
          },
          mention: { uid: resident, name: 'Nguyễn Văn A' },
        },
      },
    ])
  })

  it.each([
    ['zca-02-group-quote-mention', [{ kind: 'message', quotedMessageId: '7000000000001', mentionsAccount: true }]],
    ['zca-02-group-quote-mention', [{ threadKey: 'group:900000000000000001:7000000000001' }]],
    [
      'zca-03-group-photo-album',
      [
        {
          text: 'Đường ngõ 12 bị ngập',
          attachments: [{ kind: 'photo', url: 'https://photo-stal-16.zdn.vn/no/jpg/x.jpg', name: null }],
        },
      ],
    ],
    [
      'zca-04-group-file',
      [
        {
          text: null,
          attachments: [{ kind: 'file', url: 'https://file-stal-22.dlfl.vn/gr/x/y', name: 'don-kien-nghi.pdf' }],
        },
      ],
    ],
    [
      'zca-05-user-text',
      [
        {
          kind: 'message',
          place: { kind: 'direct', id: '2234567890123456789' },
          threadKey: 'user:2234567890123456789',
          dedupeKey: '2234567890123456789:7000000000101',
          address: { type: 'user', uid: '2234567890123456789', quote: { msgId: '7000000000101' } },
        },
      ],
    ],
    [
      'zca-06-self-echo-group',
      [{ kind: 'echo', messageId: '7000000000103', author: { id: botUid }, echoMark: null, address: null }],
    ],
    [
      'zca-07-group-undo',
      [
        {
          kind: 'message_remove',
          dedupeKey: 'undo:900000000000000001:7000000000101',
          messageId: '7000000000101',
          author: { id: resident },
          text: null,
          address: null,
        },
      ],
    ],
    [
      'zca-08-group-reaction',
      [
        {
          kind: 'reaction',
          messageId: '7000000000103',
          text: '/-strong',
          author: { id: resident },
          place: { kind: 'group', id: '900000000000000001' },
          address: null,
        },
      ],
    ],
    [
      'zca-09-old-messages-group',
      [
        { kind: 'message', messageId: '7000000000101', text: 'tin lúc mất mạng' },
        { kind: 'echo', messageId: '7000000000104', text: 'tin của chính bot' },
      ],
    ],
    ['zca-13-sticker', [{ kind: 'message', text: null, attachments: [{ kind: 'sticker', url: null, name: null }] }]],
    [
      'zca-14-two-in-one-frame',
      [
        { text: 'một', author: { id: resident } },
        { text: 'hai', author: { id: '777' } },
      ],
    ],
  ])('%s is read', (name, expected) => {
    expect(normaliseFixture(name)).toMatchObject(expected)
  })
})

describe('what people do', () => {
  it('an undo hidden among old messages takes the message back', () => {
    const hidden = groupMessage({
      msgId: '7000000000200',
      msgType: 'chat.undo',
      content: { globalMsgId: 7_000_000_000_101, cliMsgId: 1_764_000_000_100, deleteMsg: 1, srcId: resident },
    })

    expect(normalise(delivery('old_messages', [groupMessage(), hidden]))).toMatchObject([
      { kind: 'message', messageId: '7000000000101' },
      { kind: 'message_remove', messageId: '7000000000101', dedupeKey: `undo:${groupId}:7000000000101` },
    ])
  })

  it('an undo between two people keeps their thread', () => {
    const data = { msgId: '5', uidFrom: '77', ts: '1764000000150', content: { globalMsgId: '4', deleteMsg: 1 } }

    const event = onlyEvent(normalise(delivery('undo', { isGroup: false, threadId: '77', isSelf: false, data })))

    expect(event).toMatchObject({
      kind: 'message_remove',
      place: { kind: 'direct', id: '77' },
      threadKey: 'user:77',
      dedupeKey: 'undo:77:4',
    })
  })

  it('a message of ours to a person stays in the conversation with that person', () => {
    const own = groupMessage({ uidFrom: botUid, idTo: '77' }, { type: 0, threadId: '77', isSelf: true })

    expect(onlyEvent(normalise(delivery('message', own)))).toMatchObject({
      kind: 'echo',
      place: { kind: 'direct', id: '77' },
      threadKey: 'user:77',
      author: { id: botUid },
    })
  })

  it.each([
    ['a mention of us', [{ uid: botUid, pos: 0, len: 5, type: 0 }], true],
    ['a mention of somebody else', [{ uid: '9', pos: 0, len: 5, type: 0 }], false],
    ['@All', [{ uid: '-1', pos: 0, len: 4, type: 1 }], false],
    ['@All and us', [{ uid: '-1', type: 1 }, null, { uid: botUid, type: 0 }], true],
    ['mentions that are none', 'x', false],
  ])('%s: mentionsAccount', (_what, mentions, expected) => {
    expect(onlyEvent(normalise(delivery('message', groupMessage({ mentions })))).mentionsAccount).toBe(expected)
  })

  const us = { updateMembers: [null, { id: botUid }], time: '1764000000000' }
  const others = { updateMembers: [{ id: '9' }], time: '1764000000000' }
  const settings = (groupSetting: unknown) => ({ updateMembers: [], groupSetting })
  it.each<[string, object, object | null]>([
    ['we are removed', { type: 'remove_member', data: us }, { happened: 'left', occurredAt: new Date(1764000000000) }],
    ['we are blocked', { type: 'block_member', data: us }, { happened: 'left' }],
    ['we leave', { type: 'leave', data: us }, { happened: 'left' }],
    ['we are added', { type: 'join', data: us }, { happened: 'joined', isLocked: null, hidesMembers: null }],
    ['we become an admin', { type: 'add_admin', data: us }, { happened: 'settings', isLocked: null }],
    ['it is dissolved', { type: 'unknown', act: 'disperse', data: us }, { happened: 'dissolved' }],
    [
      'it is locked',
      { type: 'update_setting', data: settings({ lockSendMsg: 1, lockViewMember: 0 }) },
      { happened: 'settings', isLocked: true, hidesMembers: false },
    ],
    [
      'settings that cannot be read',
      { type: 'update_setting', data: settings({ lockSendMsg: 'x' }) },
      { happened: 'settings', isLocked: null, hidesMembers: null },
    ],
    ['settings that are none', { type: 'update_setting', data: settings(null) }, { isLocked: null }],
    ['somebody else is removed', { type: 'remove_member', data: others }, null],
    ['somebody else comes', { type: 'join', data: others }, null],
    ['an act nobody knows', { type: 'unknown', act: 'wave', data: us }, null],
    ['a poll', { type: 'update_board', data: us }, null],
    ['no group', { type: 'leave', data: us, threadId: undefined }, null],
    ['nothing inside', { type: 'leave', data: 'x' }, null],
  ])('of a group: %s', (_what, happening, news) => {
    const [item] = normalise(delivery('group_event', { threadId: groupId, ...happening }))

    expect(item).toMatchObject(
      news === null
        ? { kind: 'ignored', reason: 'group_event' }
        : { kind: 'group_news', accountExternalId: botUid, groupId, ...news },
    )
  })

  it.each([
    ['chat.voice', { href: 'https://voice.zdn.vn/a.aac', params: '{}' }, null, ['voice', 'https://voice.zdn.vn/a.aac']],
    ['chat.video.msg', { title: 'ngập', href: 'https://video.zdn.vn/a' }, 'ngập', ['video', 'https://video.zdn.vn/a']],
    ['chat.photo', { title: '', description: '', href: 'https://p.zdn.vn/a' }, null, ['photo', 'https://p.zdn.vn/a']],
    ['chat.photo', { title: 'x', href: 'javascript:alert(1)' }, 'x', ['photo', null]],
    ['chat.link', { title: 'xem https://a.vn', href: 'https://a.vn' }, 'xem https://a.vn', ['link', 'https://a.vn']],
    ['chat.link', { title: '', href: 'https://a.vn' }, 'https://a.vn', ['link', 'https://a.vn']],
    ['chat.recommended', { title: 'Chị B', action: 'recommened.user', href: '' }, null, ['contact', null]],
    ['chat.location.new', { title: '', params: '{"latitude":18.6,"longitude":105.6}' }, null, ['location', null]],
    ['chat.todo', { params: '{"item":{"content":"họp"}}' }, 'họp', ['todo', null]],
    ['group.poll', { params: '{"question":"họp khi nào"}' }, 'họp khi nào', ['poll', null]],
    ['chat.something.new', { title: 'mới' }, 'mới', ['chat.something.new', null]],
    ['chat.something.new', null, null, ['chat.something.new', null]],
  ])('%s with %j is kept', (msgType, content, text, [kind, url]) => {
    const event = onlyEvent(normalise(delivery('message', groupMessage({ msgType, content }))))

    expect(event.text).toBe(text)
    expect(event.attachments).toMatchObject([{ kind, url }])
  })
})

describe('addresses', () => {
  it.each([
    ['a poll', { msgType: 'group.poll', content: { title: 'x' } }],
    ['a webchat object', { msgType: 'webchat', content: { title: 'x' } }],
    ['a task list', { msgType: 'chat.todo', content: { params: 'no json' } }],
    ['no content', { msgType: 'chat.photo', content: null }],
    ['no client id', { cliMsgId: undefined }],
  ])('%s cannot be quoted, so the reply only mentions', (_what, data) => {
    const { address } = onlyEvent(normalise(delivery('message', groupMessage(data))))

    expect(address).toEqual({ type: 'group', groupId, mention: { uid: resident, name: 'Nguyễn Văn A' } })
  })

  it('a photo is quoted in a group and not between two people', () => {
    const photo = { msgType: 'chat.photo', content: { title: 'x', href: 'https://p.zdn.vn/a' } }

    const inGroup = onlyEvent(normalise(delivery('message', groupMessage(photo))))
    const direct = onlyEvent(normalise(delivery('message', groupMessage(photo, { type: 0, threadId: resident }))))

    expect(inGroup.address).toMatchObject({ quote: { content: photo.content } })
    expect(direct.address).toEqual({ type: 'user', uid: resident })
  })

  it('what a database would refuse is made storable down to the quote', () => {
    const event = onlyEvent(normalise(delivery('message', groupMessage({ content: 'a\0b \ud83d', dName: 'A\0' }))))

    expect(event.text).toBe('ab \ufffd')
    expect(event.author?.name).toBe('A')
    expect(JSON.stringify(event.address)).not.toMatch(/\\u0000|\\ud83d/)
  })
})

describe('bad input', () => {
  it.each([
    ['no JSON', Buffer.from('{"v":1'), 'malformed_delivery'],
    ['another version', Buffer.from('{"v":2,"event":"message"}'), 'malformed_delivery'],
    ['an event we never write', Buffer.from('{"v":1,"event":"seen"}'), 'unknown_event'],
    [
      'old messages that are no list',
      Buffer.from('{"v":1,"event":"old_messages","data":{}}'),
      'malformed_old_messages',
    ],
  ])('%s is ignored with its reason', (_what, body, reason) => {
    expect(normalise({ accountExternalId: botUid, body })).toEqual([{ kind: 'ignored', reason }])
  })

  it('a broken neighbour takes nobody along', () => {
    const items = [null, groupMessage(), groupMessage({ msgId: undefined }), groupMessage({ ts: 'x', cliMsgId: 'y' })]

    expect(
      normalise(delivery('old_messages', items)).map((item) => ('reason' in item ? item.reason : item.kind)),
    ).toEqual(['malformed_message', 'message', 'malformed_message', 'message_without_time'])
  })

  it('an id that was rounded is refused rather than taken for another message', () => {
    const rounded = groupMessage({ msgId: 1234567890123456800, quote: { globalMsgId: 1234567890123456800 } })

    expect(normalise(delivery('message', rounded))).toEqual([{ kind: 'ignored', reason: 'malformed_message' }])
    expect(
      onlyEvent(normalise(delivery('message', groupMessage({ quote: { globalMsgId: 1234567890123456800 } }))))
        .quotedMessageId,
    ).toBe(null)
  })

  it('nesting without end costs the quote, not the message', () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
    const body = JSON.stringify({ v: 1, event: 'message', data: groupMessage({ msgType: 'chat.x' }) })

    const items = normalise({
      accountExternalId: botUid,
      body: Buffer.from(body.replace('"Cho tôi hỏi"', `{"title":"sâu","x":${deep}}`)),
    })

    expect(onlyEvent(items)).toMatchObject({ text: 'sâu', address: { mention: { uid: resident } } })
  })

  it('never throws and always returns valid entries', () => {
    const odd = fc.oneof(fc.jsonValue(), fc.constant(undefined))
    const data = fc.record(
      {
        msgId: fc.oneof(fc.string(), odd),
        uidFrom: fc.oneof(fc.string(), odd),
        ts: fc.oneof(fc.constant('1764000000150'), fc.string(), odd),
        cliMsgId: odd,
        msgType: fc.oneof(
          fc.constantFrom('webchat', 'chat.photo', 'chat.undo', 'group.poll', 'chat.location.new'),
          odd,
        ),
        content: fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.record(
            { title: odd, params: fc.oneof(fc.json(), odd), globalMsgId: odd, deleteMsg: odd },
            { requiredKeys: [] },
          ),
          odd,
        ),
        quote: odd,
        mentions: fc.oneof(fc.array(odd), odd),
        dName: odd,
        propertyExt: odd,
        ttl: odd,
      },
      { requiredKeys: [] },
    )
    const message = fc.record({ type: fc.oneof(fc.constantFrom(0, 1), odd), threadId: fc.string(), isSelf: odd, data })
    const event = fc.constantFrom('message', 'old_messages', 'undo', 'group_event', 'friend_event', 'other')

    fc.assert(
      fc.property(event, fc.oneof(message, fc.array(message), odd), (name, payload) => {
        for (const item of normalise(delivery(name, payload))) {
          if (item.kind === 'ignored' || item.kind === 'group_news') continue
          InboundEvent.parse(item)
          if (item.address !== null) ZaloAddress.parse(item.address)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('never throws on bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(normalise({ accountExternalId: botUid, body: Buffer.from(bytes) })).toHaveLength(1)
      }),
    )
  })
})

describe('receipts', () => {
  const seen = (data: unknown, at: number | undefined = 1_793_000_000_000): unknown[] => [
    ...normalise({
      accountExternalId: botUid,
      body: Buffer.from(JSON.stringify({ v: 1, event: 'seen_messages', data, at })),
    }),
  ]
  const receipt = { type: 1, threadId: 'g', data: { msgId: '1', seenUids: ['a'] } }

  it('that cannot be read cost their neighbours nothing', () => {
    expect(seen([{ type: 1 }, receipt, null])).toMatchObject([
      { kind: 'ignored', reason: 'malformed_receipt' },
      { kind: 'seen', messageId: '1', author: { id: 'a' }, occurredAt: new Date(1_793_000_000_000) },
      { kind: 'ignored', reason: 'malformed_receipt' },
    ])
    expect(seen({ not: 'a list' })).toEqual([{ kind: 'ignored', reason: 'malformed_receipts' }])
  })

  it('between two people are of the other one, whoever is listed', () => {
    expect(seen([{ type: 0, threadId: 'lan', data: { msgId: '1' } }])).toMatchObject([
      { kind: 'seen', author: { id: 'lan' }, place: { kind: 'direct', id: 'lan' } },
    ])
  })

  it('without a time are counted and left', () => {
    const body = Buffer.from(JSON.stringify({ v: 1, event: 'seen_messages', data: [receipt] }))
    expect(normalise({ accountExternalId: botUid, body })).toEqual([
      { kind: 'ignored', reason: 'receipt_without_time' },
    ])
  })
})
