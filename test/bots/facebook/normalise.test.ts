import fc from 'fast-check'
import { expect, it } from 'vitest'
import { describe as describePayload } from '../../../bots/facebook/describe.ts'
import { normalise } from '../../../bots/facebook/normalise.ts'
import { InboundEvent, type Normalised } from '../../../src/intake/event.ts'
import { comment, entry, message, pageId, psid } from './build.ts'
import { fixture, fixtures } from './fixtures.ts'

const page = { id: pageId, name: null }

it.each(fixtures.map((one) => [one.name, one] as const))(
  '%s: every entry is a valid event or ignored',
  (_name, { body, expect: told }) => {
    const events = normalised(body)

    expect(events).toHaveLength(told.events.length)
    for (const event of events) if (event.kind !== 'ignored') expect(InboundEvent.parse(event)).toEqual(event)
  },
)

it('a comment can be answered on its root and continues its thread', () => {
  const [event] = normalised(entry({ changes: [comment({ parent_id: '122_1500', photo: 'https://x/1.jpg' })] }))

  expect(event).toEqual({
    kind: 'comment',
    accountExternalId: pageId,
    dedupeKey: `${pageId}:122_1501:add`,
    occurredAt: new Date(1792999995000),
    place: { kind: 'post', id: `${pageId}_122` },
    threadKey: 'comment:122_1500',
    messageId: '122_1501',
    author: { id: psid, name: 'Nguyen Van Gia' },
    text: 'Cho hỏi lịch thu gom rác?',
    quotedMessageId: '122_1500',
    mentionsAccount: false,
    attachments: [{ kind: 'photo', url: 'https://x/1.jpg', name: null }],
    echoMark: null,
    address: { type: 'comment', rootCommentId: '122_1500' },
  })
})

it('a visitor’s post is answered by a comment on it', () => {
  expect(normalised(fixture('37').body)).toMatchObject([
    {
      kind: 'visitor_post',
      threadKey: 'post:100000000000101_122000000000000002',
      messageId: '100000000000101_122000000000000002',
      address: { type: 'post', postId: '100000000000101_122000000000000002' },
    },
  ])
})

it('a Messenger text is a direct place that is answered by PSID', () => {
  const [event] = normalised(entry({ messaging: [message({ reply_to: { mid: 'm_FAKE000' } })] }))

  expect(event).toEqual({
    kind: 'message',
    accountExternalId: pageId,
    dedupeKey: 'm_FAKE001',
    occurredAt: new Date(1793000000123),
    place: { kind: 'direct', id: psid },
    threadKey: `dm:${psid}`,
    messageId: 'm_FAKE001',
    author: { id: psid, name: null },
    text: 'Xin chào',
    quotedMessageId: 'm_FAKE000',
    mentionsAccount: false,
    attachments: [],
    echoMark: null,
    address: { type: 'messenger', psid },
  })
})

it('the Page’s own comment is an echo that names the comment it stands under', () => {
  const own = { from: { id: pageId, name: 'Mặt trận' } }
  const body = entry({
    changes: [comment({ ...own, parent_id: '122_1500' }), comment({ ...own, parent_id: `${pageId}_122` })],
  })

  expect(normalised(body)).toMatchObject([
    { kind: 'echo', threadKey: 'comment:122_1500', quotedMessageId: '122_1500', echoMark: null, address: null },
    { kind: 'echo', threadKey: `post:${pageId}_122`, quotedMessageId: `${pageId}_122`, address: null },
  ])
})

it('a deleted reply of the Page is a removal by the Page', () => {
  const body = entry({ changes: [comment({ verb: 'remove', from: { id: pageId } })] })

  expect(normalised(body)).toMatchObject([{ kind: 'comment_remove', messageId: '122_1501', author: page, text: null }])
})

it('our Messenger echo carries the id of the outbox row, an officer’s own text carries none', () => {
  const ours = message({ is_echo: true, metadata: 'dhmt:0199-id' }, 'page')
  const theirs = message({ is_echo: true, app_id: '263902037430900' }, 'page')
  const part = message({ is_echo: true, metadata: 'dhmt:0199-id#1/2' }, 'page')

  expect(normalised(entry({ messaging: [ours, theirs, part] }))).toMatchObject([
    { kind: 'echo', author: page, threadKey: `dm:${psid}`, echoMark: '0199-id', address: null },
    { kind: 'echo', author: page, threadKey: `dm:${psid}`, echoMark: null, address: null },
    { kind: 'ignored', reason: 'own_part' },
  ])
})

it('each edit with a new text is its own happening, however its accents are composed', () => {
  const edits = ['sửa', 'sửa'.normalize('NFD'), 'sửa nữa'].map((text) => comment({ verb: 'edited', message: text }))
  const keys = normalised(entry({ changes: [comment({}), ...edits] })).map(dedupeKey)

  expect(keys[1]).toBe(keys[2])
  expect(new Set(keys).size).toBe(3)
})

it('the words stay as they were sent, made storable', () => {
  const decomposed = 'hỏi'.normalize('NFD')

  expect(normalised(entry({ changes: [comment({ message: `${decomposed}\0\ud83d` })] }))).toMatchObject([
    { text: `${decomposed}\ufffd` },
  ])
})

it.each([
  ['only an entry time', { created_time: undefined }, 1793000000],
  ['an edit happens when it is told', { verb: 'edited' }, 1793000000],
  ['milliseconds are seen as such', { created_time: 1792999995123 }, 1792999995.123],
  ['a time beyond reason is none', { created_time: 1e300 }, 1793000000],
])('%s', (_title, fields, seconds) => {
  expect(normalised(entry({ changes: [comment(fields)] }))).toMatchObject([{ occurredAt: new Date(seconds * 1000) }])
})

it('a postback without an id is told apart by its moment and payload', () => {
  const postback = (payload: string, timestamp: number) => ({
    sender: { id: psid },
    recipient: { id: pageId },
    timestamp,
    postback: { title: 'Gửi', payload },
  })
  const keys = normalised(
    entry({ messaging: [postback('A', 1793000000001), postback('B', 1793000000001), postback('A', 1793000000002)] }),
  ).map(dedupeKey)

  expect(new Set(keys).size).toBe(3)
})

it('bytes that are not JSON make one ignored item', () => {
  expect(normalise({ accountExternalId: null, body: Buffer.from('{"object":') })).toEqual([
    { kind: 'ignored', reason: 'not_json' },
  ])
})

const payloadKeys = [
  ...['object', 'entry', 'id', 'time', 'changes', 'messaging', 'standby', 'field', 'value', 'item', 'verb', 'from'],
  ...['comment_id', 'post_id', 'parent_id', 'message', 'photo', 'created_time', 'sender', 'recipient', 'timestamp'],
  ...['mid', 'text', 'attachments', 'type', 'payload', 'url', 'is_echo', 'is_deleted', 'metadata', 'postback'],
]
const payloadWords = ['page', 'feed', 'comment', 'post', 'add', 'edited', 'remove', 'dhmt:1', pageId, psid, '122_1501']

/** JSON of any shape, built from Facebook's own words so that it gets deep into the reader. */
const anyJson = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.constantFrom(...payloadWords),
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.constantFrom(null, true, false, 2 ** 60),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...payloadKeys), tie('value'), { maxKeys: 8 }),
  ),
})).value

it('anything at all becomes valid events or named reasons, never an exception', () => {
  fc.assert(
    fc.property(anyJson, (json) => {
      for (const event of normalised(json)) {
        if (event.kind === 'ignored') expect(event.reason).toMatch(/^[a-z_:]+$/)
        else InboundEvent.parse(event)
      }
    }),
    { numRuns: 500 },
  )
})

it('an item more in the payload is an entry more in the answer, as in the description', () => {
  const family = fc.constantFrom('changes', 'messaging', 'standby')
  const item = fc.oneof(anyJson, fc.constant(comment({})), fc.constant(message({})))
  const entries = fc.array(fc.tuple(family, fc.array(item, { maxLength: 5 })), { maxLength: 5 })
  fc.assert(
    fc.property(entries, (list) => {
      const body = { object: 'page', entry: list.map(([name, items]) => ({ id: pageId, [name]: items })) }
      const count = list.reduce((sum, [, items]) => sum + items.length, 0)

      expect(normalised(body)).toHaveLength(count)
      expect(describePayload(body, { appIds: [], pageIds: [] })).toHaveLength(count)
    }),
    { numRuns: 300 },
  )
})

function normalised(body: unknown): Normalised {
  return normalise({ accountExternalId: null, body: Buffer.from(JSON.stringify(body) ?? 'null') })
}

function dedupeKey(event: Normalised[number]): string {
  return event.kind === 'ignored' ? 'ignored' : event.dedupeKey
}
