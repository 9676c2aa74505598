import { beforeEach, describe, expect, it } from 'vitest'
import { wantFiles } from '../../src/files/store.ts'
import type { AccountId, OutboxId } from '../../src/lib/ids.ts'
import { findEchoed } from '../../src/outbox/confirm.ts'
import { addAccount, addCase, addEvent, addOutboxRow, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'
import { later } from './stage.ts'

const { db } = await testDatabase()
let accountId: AccountId
beforeEach(async () => {
  await emptyTables(db)
  accountId = await addAccount(db, { platform: 'zalo' })
})

const chat = { kind: 'group', id: 'can-bo' } as const
const photo = { kind: 'photo', url: 'https://photo.zdn.vn/1.jpg', name: null }

/** A picture on its way into the officers' chat. */
async function picture(given: Parameters<typeof addOutboxRow>[1] = {}): Promise<OutboxId> {
  const event = await addEvent(db, accountId, { attachments: [photo] })
  const about = await addCase(db, { accountId, event })
  await db.transaction().execute((tx) => wantFiles(tx, about.id, event, now))
  const { id: fileId } = await db
    .selectFrom('files')
    .select('id')
    .where('caseId', '=', about.id)
    .executeTakeFirstOrThrow()
  return addOutboxRow(db, {
    accountId,
    caseId: about.id,
    kind: 'file',
    fileId,
    audience: 'officer',
    ordinal: null,
    state: 'sending',
    claimedAt: now,
    placeKind: 'group',
    placeId: chat.id,
    text: `${about.code} · ảnh 1`,
    ...given,
  })
}

async function echoed(given: Parameters<typeof addEvent>[2] = {}): Promise<OutboxId | null> {
  const echo = await addEvent(db, accountId, { kind: 'echo', place: chat, text: null, attachments: [photo], ...given })
  return db.transaction().execute((tx) => findEchoed(tx, echo))
}

describe('a picture that comes back', () => {
  it('with its text is the one with that text', async () => {
    await picture()
    const id = await picture({ claimedAt: later(1_000) })
    const { text } = await db.selectFrom('outbox').select('text').where('id', '=', id).executeTakeFirstOrThrow()

    expect(await echoed({ text })).toBe(id)
  })

  it('by the id that the platform gave it is that one', async () => {
    await picture()
    const id = await picture({ messageId: 'm77', state: 'sent' })

    expect(await echoed({ messageId: 'm77' })).toBe(id)
  })

  it('without its text is the earliest that is on its way there: it will not be sent again', async () => {
    await picture({ claimedAt: later(1_000) })
    const id = await picture({ state: 'unknown' })
    await picture({ claimedAt: later(2_000), state: 'sent' })

    expect(await echoed()).toBe(id)
  })

  it.each<[string, Parameters<typeof addOutboxRow>[1], Parameters<typeof addEvent>[2]]>([
    ['in another chat', {}, { place: { kind: 'group', id: 'khac' } }],
    ['and is known by its id already', { messageId: 'm1', state: 'sent' }, {}],
    ['and stands there already', { messageId: 'm1', state: 'confirmed' }, {}],
    ['before it was sent', { state: 'pending' }, {}],
    ['as a file', {}, { attachments: [{ kind: 'file', url: null, name: 'don.pdf' }] }],
    ['as nothing', {}, { attachments: [] }],
    ['with words of a colleague', {}, { text: 'Ảnh hiện trường' }],
  ])('%s is not ours', async (_what, row, echo) => {
    await picture(row)

    expect(await echoed(echo)).toBeNull()
  })
})
