import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BotAddress } from '../../../bots/zalo-bot/address.ts'
import { normalise } from '../../../bots/zalo-bot/normalise.ts'
import { IgnoredItem, InboundEvent } from '../../../src/intake/event.ts'
import { botId, delivery, fixture, update } from './fixtures.ts'

const person = '6ede9afa66b88fe6d6a9'
const ofFixture = (name: string) => normalise(delivery(fixture(name).body))
const only = (body: unknown) => normalise(delivery(body))[0]

describe('captured deliveries', () => {
  it('a text to the bot becomes a message that can be answered in that chat', () => {
    expect(ofFixture('bot-01-text-private')).toEqual([
      {
        kind: 'message',
        accountExternalId: botId,
        dedupeKey: `${person}:2d758cb5e222177a4e35`,
        occurredAt: new Date(1_764_000_000_000),
        place: { kind: 'direct', id: person },
        threadKey: `direct:${person}`,
        messageId: '2d758cb5e222177a4e35',
        author: { id: person, name: 'Nguyễn Văn A' },
        text: 'Xin chào',
        quotedMessageId: null,
        mentionsAccount: false,
        attachments: [],
        echoMark: null,
        address: { type: 'direct', chatId: person },
      },
    ])
  })

  it.each([
    [
      'bot-02-text-group',
      {
        kind: 'message',
        place: { kind: 'group', id: 'g-1' },
        threadKey: 'group:g-1:b2',
        mentionsAccount: true,
        address: { type: 'group', chatId: 'g-1' },
      },
    ],
    ['bot-03-image', { text: 'ngập', attachments: [{ kind: 'photo', url: 'https://x.zdn.vn/p.jpg', name: null }] }],
    ['bot-04-unsupported', { kind: 'ignored', reason: 'content_withheld' }],
    ['bot-06-getupdates-timeout', { kind: 'ignored', reason: 'malformed_delivery' }],
  ])('%s is read', (name, expected) => {
    expect(ofFixture(name)).toMatchObject([expected])
  })
})

describe('what people do', () => {
  it('a delivery without its envelope is the same one', () => {
    const whole = update() as { result: object }

    expect(normalise(delivery(whole.result))).toEqual(normalise(delivery(whole)))
  })

  it.each([
    [
      'a photo under its documented name',
      { photo: 'https://p.zdn.vn/1.jpg' },
      'image',
      ['photo', 'https://p.zdn.vn/1.jpg'],
    ],
    ['a photo whose address is none', { photo_url: 'javascript:alert(1)' }, 'image', ['photo', null]],
    [
      'a sticker',
      { sticker: '22', url: 'https://s.zadn.vn/22.png' },
      'sticker',
      ['sticker', 'https://s.zadn.vn/22.png'],
    ],
    ['a voice message', { voice_url: 'https://v.zdn.vn/1.aac' }, 'voice', ['voice', 'https://v.zdn.vn/1.aac']],
    ['a kind that nobody knows yet', { url: 'https://f.zdn.vn/don.pdf' }, 'file', ['file', 'https://f.zdn.vn/don.pdf']],
  ])('%s keeps what is attached', (_what, message, kind, [attached, url]) => {
    expect(only(update({ text: undefined, ...message }, `message.${kind}.received`))).toMatchObject({
      kind: 'message',
      text: null,
      attachments: [{ kind: attached, url, name: null }],
    })
  })

  it.each([
    ['no JSON', Buffer.from('{"ok":true'), 'malformed_delivery'],
    ['a refusal', update().toString(), 'malformed_delivery'],
    ['an event of another kind', { ok: true, result: { event_name: 'bot.added' } }, 'unknown_event'],
    ['a message that is none', { ok: true, result: { event_name: 'message.text.received' } }, 'malformed_message'],
    ['a message of a bot', update({ from: { id: '7', display_name: 'Bot', is_bot: true } }), 'by_bot'],
    ['a message of this bot', update({ from: { id: botId } }), 'by_bot'],
    ['a text without words', update({ text: ' \n' }), 'empty_message'],
    ['a chat of no kind', update({ chat: { id: '1', chat_type: 'CHANNEL' } }), 'malformed_message'],
  ])('%s is ignored, and counted by its reason', (_what, body, reason) => {
    const raw = Buffer.isBuffer(body) ? { accountExternalId: botId, body } : delivery(body)

    expect(normalise(raw)).toEqual([{ kind: 'ignored', reason }])
  })

  it('a delivery of an unknown account is nobody’s', () => {
    expect(normalise({ ...delivery(update()), accountExternalId: null })).toEqual([
      { kind: 'ignored', reason: 'no_account' },
    ])
  })

  it('a message without id is known again, and another one is another', () => {
    const key = (body: object) => {
      const item = only(body)
      return item !== undefined && 'dedupeKey' in item ? item.dedupeKey : null
    }
    const first = key(update({ message_id: undefined }))

    expect(first).toMatch(/:nameless:/)
    expect(key(update({ message_id: undefined }))).toBe(first)
    expect(key(update({ message_id: undefined, text: 'khác' }))).not.toBe(first)
  })

  it('a time that cannot be is 1970', () => {
    for (const date of [undefined, 'hôm qua', -1, 9e18]) {
      expect(only(update({ date }))).toMatchObject({ occurredAt: new Date(0) })
    }
  })
})

describe('whatever comes', () => {
  const odd = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant(undefined))
  const letters = fc.string({ unit: fc.constantFrom('a', 'ă', ' ', '"', '\0', '\ud83d', '\udc4d', '\u0301') })
  const message = fc.record(
    {
      from: fc.oneof(fc.record({ id: letters, display_name: fc.oneof(letters, odd), is_bot: odd }), odd),
      chat: fc.oneof(fc.record({ id: letters, chat_type: fc.constantFrom('PRIVATE', 'GROUP', 'X') }), odd),
      text: fc.oneof(letters, odd),
      caption: fc.oneof(letters, odd),
      photo_url: fc.oneof(fc.constantFrom('https://p.zdn.vn/ă?\ud83d', 'http://', 'data:,'), odd),
      message_id: fc.oneof(letters, odd),
      date: fc.oneof(fc.double(), odd),
    },
    { requiredKeys: [] },
  )
  const event = fc.oneof(
    fc.constantFrom('text', 'image', 'sticker', 'voice', 'unsupported', 'x').map((kind) => `message.${kind}.received`),
    letters,
  )
  const body = fc.oneof(
    odd,
    fc.record({ ok: fc.boolean(), result: fc.record({ event_name: event, message }) }),
    fc.record({ event_name: event, message }),
  )

  it('becomes one event or one named reason, never an error', () => {
    fc.assert(
      fc.property(body, (given) => {
        const bytes = Buffer.from(JSON.stringify(given) ?? '')
        const items = normalise({ accountExternalId: botId, body: bytes })
        expect(items).toHaveLength(1)
        for (const item of items) {
          if (item.kind === 'ignored') expect(IgnoredItem.parse(item).reason).toMatch(/^[a-z_]+$/)
          else {
            expect(InboundEvent.parse(item)).toEqual(item)
            expect(BotAddress.parse(item.address)).toEqual(item.address)
            expect(JSON.stringify(item)).not.toMatch(/\\u0000|\\ud[89ab]../i)
          }
        }
        expect(normalise({ accountExternalId: botId, body: bytes })).toEqual(items)
      }),
      { numRuns: 300 },
    )
  })

  it('so do bytes that are no text', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(normalise({ accountExternalId: botId, body: Buffer.from(bytes) })).toHaveLength(1)
      }),
    )
  })
})
