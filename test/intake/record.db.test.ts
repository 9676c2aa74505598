import { beforeEach, describe, expect, it } from 'vitest'
import type { InboundEvent, Normalised } from '../../src/intake/event.ts'
import { type Delivery, DeliveryKeeper } from '../../src/intake/keep.ts'
import { type Normalise, recordNext } from '../../src/intake/record.ts'
import { replayDeliveries } from '../../src/intake/replay.ts'
import { findEvent } from '../../src/intake/store.ts'
import { plusMs } from '../../src/lib/clock.ts'
import { InvalidInputError } from '../../src/lib/errors.ts'
import { DeliveryId, newId } from '../../src/lib/ids.ts'
import { addAccount, addUnit, emptyTables, inbound, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db, pool } = await testDatabase()
const pageId = '100000000000101'
beforeEach(async () => {
  await emptyTables(db)
  await addAccount(db, { externalId: pageId })
})

let kept = 0
async function keep(given: Partial<Delivery> & { at?: Date } = {}): Promise<void> {
  const { at = now, ...delivery } = given
  kept += 1
  const body = Buffer.from(`{"n":${kept}}`)
  await new DeliveryKeeper(
    pool,
    () => at,
    () => {},
  ).keep({
    platform: 'facebook',
    accountExternalId: null,
    lane: 'live',
    body,
    ...delivery,
  })
}

/** Reads the same items out of every delivery. */
const makes =
  (...items: Normalised): Normalise =>
  () =>
    items

const states = () =>
  db.selectFrom('deliveries').select(['state', 'attempts', 'errorCode']).orderBy('receivedAt').execute()
const events = () => db.selectFrom('events').selectAll().orderBy('id').execute()
const counted = () => db.selectFrom('counters').select(['name', 'reason', 'amount']).orderBy('reason').execute()

describe('a delivery', () => {
  it('becomes its events, complete, with the account and the unit they belong to', async () => {
    await keep()
    const event = inbound({
      accountExternalId: pageId,
      attachments: [{ kind: 'photo', url: 'https://x/1', name: null }],
    })

    const { events: fresh, more } = await recordNext(db, makes(event), now)

    expect(more).toBe(false)
    expect(fresh).toHaveLength(1)
    const [{ id } = { id: null }] = fresh
    const account = await db.selectFrom('accounts').select(['id', 'unitId']).executeTakeFirstOrThrow()
    const { accountExternalId: _account, author, ...same } = event
    expect(id === null ? null : await findEvent(db, id)).toMatchObject({
      ...same,
      accountId: account.id,
      unitId: account.unitId,
      authorId: author?.id,
      authorName: author?.name,
      lane: 2,
      outcome: null,
    })
    expect(await states()).toEqual([{ state: 'normalised', attempts: 0, errorCode: null }])
  })

  it('of a thousand changes is followed by the next one in another transaction', async () => {
    await keep({ body: Buffer.alloc(300_000, 'x') })
    await keep({ at: plusMs(now, 1) })

    const first = await recordNext(db, makes(inbound({ accountExternalId: pageId, dedupeKey: 'first' })), now)
    const second = await recordNext(db, makes(inbound({ accountExternalId: pageId, dedupeKey: 'second' })), now)

    expect([first.events.length, first.more]).toEqual([1, true])
    expect([second.events.length, second.more]).toEqual([1, false])
    expect((await events()).map(({ dedupeKey }) => dedupeKey).sort()).toEqual(['first', 'second'])
  })

  it('that was read is not read again', async () => {
    await keep()
    await recordNext(db, makes(inbound({ accountExternalId: pageId })), now)

    const again = await recordNext(db, makes(inbound({ accountExternalId: pageId })), now)

    expect(again).toEqual({ events: [], hasGroupNews: false, more: false })
    expect(await events()).toHaveLength(1)
  })

  it('of a Page that is not ours is counted and no error', async () => {
    await keep()

    const { events: fresh } = await recordNext(db, makes(inbound({ accountExternalId: '999' })), now)

    expect(fresh).toEqual([])
    expect(await counted()).toEqual([{ name: 'ignored_facebook', reason: 'unknown_account', amount: '1' }])
    expect(await states()).toMatchObject([{ state: 'normalised' }])
  })

  it('of one platform never becomes events of an account on another', async () => {
    await addAccount(db, { platform: 'zalo', externalId: '555' })
    await keep({ platform: 'facebook' })

    await recordNext(db, makes(inbound({ accountExternalId: '555' })), now)

    expect(await events()).toEqual([])
  })

  it('counts what it ignores, reason by reason, over all deliveries of the day', async () => {
    await keep()
    await keep()
    const items = makes(
      { kind: 'ignored', reason: 'item:reaction' },
      { kind: 'ignored', reason: 'item:reaction' },
      { kind: 'ignored', reason: 'read' },
      inbound({ accountExternalId: pageId }),
    )

    await recordNext(db, items, now)

    expect(await counted()).toEqual([
      { name: 'ignored_facebook', reason: 'item:reaction', amount: '4' },
      { name: 'ignored_facebook', reason: 'read', amount: '2' },
    ])
    expect(await events()).toHaveLength(1)
  })

  it('of nothing is read all the same', async () => {
    await keep()

    expect(await recordNext(db, makes(), now)).toEqual({ events: [], hasGroupNews: false, more: false })

    expect(await states()).toMatchObject([{ state: 'normalised' }])
  })

  it('of a thousand events keeps a thousand', async () => {
    await keep()
    const items = Array.from({ length: 1_000 }, () => inbound({ accountExternalId: pageId }))

    const { events: fresh } = await recordNext(db, makes(...items), now)

    expect(fresh).toHaveLength(1_000)
    expect(await events()).toHaveLength(1_000)
  })
})

describe('the same happening', () => {
  it('in two deliveries is one event, and only the first tells of it', async () => {
    await keep()
    await keep()
    const event = inbound({ accountExternalId: pageId })

    const { events: fresh } = await recordNext(db, makes(event), now)

    expect(fresh).toHaveLength(1)
    expect(await events()).toHaveLength(1)
  })

  it('twice in one delivery is one event', async () => {
    await keep()
    const event = inbound({ accountExternalId: pageId })

    await recordNext(db, makes(event, event), now)

    expect(await events()).toHaveLength(1)
  })

  it('seen by two accounts is an event for each', async () => {
    await addAccount(db, { externalId: 'other' })
    await keep()
    const event = inbound({ accountExternalId: pageId, dedupeKey: 'comment:1_2' })

    await recordNext(db, makes(event, { ...event, accountExternalId: 'other' }), now)

    expect(await events()).toHaveLength(2)
  })

  it('read by two workers at once is one event', async () => {
    for (let n = 0; n < 20; n += 1) await keep()
    const event = inbound({ accountExternalId: pageId })

    const [one, two] = await Promise.all([recordNext(db, makes(event), now), recordNext(db, makes(event), now)])

    expect([...one.events, ...two.events]).toHaveLength(1)
    expect(await events()).toHaveLength(1)
  })
})

describe('order', () => {
  it('live before backfill, and earlier before later', async () => {
    await keep({ lane: 'backfill', body: Buffer.from('backfill'), at: now })
    await keep({ body: Buffer.from('second'), at: plusMs(now, 2) })
    await keep({ body: Buffer.from('first'), at: plusMs(now, 1) })
    const read: string[] = []

    await recordNext(
      db,
      (delivery) => {
        read.push(delivery.body.toString())
        return []
      },
      now,
    )

    expect(read).toEqual(['first', 'second', 'backfill'])
  })

  it('a batch says that there may be more', async () => {
    for (let n = 0; n < 51; n += 1) await keep()

    expect((await recordNext(db, makes(), now)).more).toBe(true)
    expect((await recordNext(db, makes(), now)).more).toBe(false)
    expect(await db.selectFrom('deliveries').select('id').where('state', '=', 'received').execute()).toEqual([])
  })
})

describe('a delivery that cannot be read', () => {
  const broken: Normalise = ({ body }) => {
    if (body.toString() === 'broken') throw new InvalidInputError('no such payload')
    return [inbound({ accountExternalId: pageId })]
  }

  it('is set aside with the reason, and its neighbours go on', async () => {
    await keep({ body: Buffer.from('broken'), at: plusMs(now, -1) })
    await keep()

    const { events: fresh } = await recordNext(db, broken, now)

    expect(fresh).toHaveLength(1)
    expect(await states()).toEqual([
      { state: 'received', attempts: 1, errorCode: 'invalid_input' },
      { state: 'normalised', attempts: 0, errorCode: null },
    ])
  })

  it('is tried five times, then left, and its bytes stay', async () => {
    await keep({ body: Buffer.from('broken') })

    for (let n = 0; n < 7; n += 1) await recordNext(db, broken, now)

    expect(await states()).toEqual([{ state: 'failed', attempts: 5, errorCode: 'invalid_input' }])
    const { body } = await db.selectFrom('deliveries').select('body').executeTakeFirstOrThrow()
    expect(body.toString()).toBe('broken')
  })

  it('is read after the repair, when it is replayed', async () => {
    await keep({ body: Buffer.from('broken') })
    for (let n = 0; n < 5; n += 1) await recordNext(db, broken, now)

    expect(await replayDeliveries(db, 'failed')).toBe(1)
    const { events: fresh } = await recordNext(db, makes(inbound({ accountExternalId: pageId })), now)

    expect(fresh).toHaveLength(1)
    expect(await states()).toEqual([{ state: 'normalised', attempts: 0, errorCode: null }])
  })

  it('because the database refuses one of its events stops nobody else', async () => {
    await keep({ body: Buffer.from('odd'), at: plusMs(now, -1) })
    await keep()
    const items: Normalise = ({ body }) => {
      const event = inbound({ accountExternalId: pageId })
      // No adapter makes such a place; one with a mistake in it could.
      return body.toString() === 'odd'
        ? [event, { ...event, dedupeKey: '2', place: { kind: JSON.parse('"moon"'), id: '1' } }]
        : [event]
    }

    const { events: fresh } = await recordNext(db, items, now)

    expect(fresh).toHaveLength(1)
    expect(await events()).toHaveLength(1)
    expect(await states()).toEqual([
      { state: 'received', attempts: 1, errorCode: '23514' },
      { state: 'normalised', attempts: 0, errorCode: null },
    ])
  })

  it.each<[string, Partial<InboundEvent>]>([
    ['a key with NUL', { dedupeKey: 'comment:\0' }],
    ['a place with NUL', { place: { kind: 'group', id: 'g\0' } }],
    ['a thread with NUL', { threadKey: 't\0' }],
    ['ids with NUL', { messageId: 'm\0', quotedMessageId: 'q\0', echoMark: 'e\0', author: { id: 'a\0', name: 'n\0' } }],
    ['ids with half an emoji', { messageId: 'm\uD83D', author: { id: 'a\uDE92', name: null } }],
    ['a time out of all ages', { occurredAt: new Date('+200000-01-01T00:00:00Z') }],
    ['a file name with half an emoji', { attachments: [{ kind: 'file', url: null, name: 'ảnh \uD83D.jpg' }] }],
    ['a file name with NUL', { attachments: [{ kind: 'file', url: null, name: 'ảnh\0.jpg' }] }],
    ['an address with NUL', { address: { commentId: '1_2\0' } }],
  ])('%s: is read all the same', async (_what, given) => {
    await keep()

    const { events: fresh } = await recordNext(db, makes(inbound({ accountExternalId: pageId, ...given })), now)

    expect(fresh).toHaveLength(1)
  })
})

describe('what a person wrote', () => {
  it.each([
    ['NUL is left out', 'xã\0', 'xã'],
    ['half an emoji is replaced', 'cháy \uD83D', 'cháy \uFFFD'],
    ['everything else is as sent', '  Hỏi\n\n🚒 ha\u0301 ', '  Hỏi\n\n🚒 ha\u0301 '],
    ['an empty text is an empty text', '', ''],
  ])('%s', async (_fact, text, stored) => {
    await keep()

    await recordNext(db, makes(inbound({ accountExternalId: pageId, text, author: { id: '1', name: text } })), now)

    expect(await events()).toMatchObject([{ text: stored, authorName: stored }])
  })

  it('no text, no author and no address stay what they are', async () => {
    await keep()

    await recordNext(db, makes(inbound({ accountExternalId: pageId, text: null, author: null, address: null })), now)

    expect(await events()).toMatchObject([{ text: null, authorId: null, authorName: null, address: null }])
  })

  it('an author without a name is an author', async () => {
    await keep()

    await recordNext(db, makes(inbound({ accountExternalId: pageId, author: { id: '1', name: null } })), now)

    expect(await events()).toMatchObject([{ authorId: '1', authorName: null }])
  })

  it.each([
    ['without any time happened when it arrived', new Date(0), now],
    ['in microseconds read as milliseconds happened when it arrived', new Date(now.getTime() * 1_000), now],
    ['of a phone whose clock is fast happened when it said', plusMs(now, 3_600_000), plusMs(now, 3_600_000)],
    ['of long ago happened then', new Date('2025-08-01T00:00:00Z'), new Date('2025-08-01T00:00:00Z')],
  ])('a payload %s', async (_what, occurredAt, stored) => {
    await keep()

    await recordNext(db, makes(inbound({ accountExternalId: pageId, occurredAt })), now)

    expect(await events()).toMatchObject([{ occurredAt: stored }])
  })

  it('a file name keeps its letters when half an emoji is taken out of it', async () => {
    await keep()
    const attachments = [{ kind: 'file', url: 'https://x/1', name: 'đơn \uD83D kiến nghị.pdf' }]

    await recordNext(db, makes(inbound({ accountExternalId: pageId, attachments })), now)

    expect(await events()).toMatchObject([
      { attachments: [{ kind: 'file', url: 'https://x/1', name: 'đơn \uFFFD kiến nghị.pdf' }] },
    ])
  })
})

describe('replay', () => {
  it('of one delivery makes no event that is known', async () => {
    await keep()
    const event = inbound({ accountExternalId: pageId })
    await recordNext(db, makes(event), now)
    const { id } = await db.selectFrom('deliveries').select('id').executeTakeFirstOrThrow()

    expect(await replayDeliveries(db, id)).toBe(1)
    const { events: fresh } = await recordNext(db, makes(event, inbound({ accountExternalId: pageId })), now)

    expect(fresh).toHaveLength(1)
    expect(await events()).toHaveLength(2)
  })

  it('of what does not exist replays nothing', async () => {
    expect(await replayDeliveries(db, newId(DeliveryId, now))).toBe(0)
    expect(await replayDeliveries(db, 'failed')).toBe(0)
  })

  it('of what failed leaves what was read alone', async () => {
    await keep()
    await recordNext(db, makes(), now)

    expect(await replayDeliveries(db, 'failed')).toBe(0)
    expect(await states()).toMatchObject([{ state: 'normalised' }])
  })
})

it('an account that moves to another unit takes its later events with it', async () => {
  const moved = await addUnit(db)
  await db.updateTable('accounts').set({ unitId: moved }).execute()
  await keep()

  await recordNext(db, makes(inbound({ accountExternalId: pageId })), now)

  expect(await events()).toMatchObject([{ unitId: moved }])
})
