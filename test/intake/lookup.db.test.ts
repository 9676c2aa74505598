import { beforeEach, describe, expect, it } from 'vitest'
import type { Facts } from '../../src/intake/lookup.ts'
import { needsLookup } from '../../src/intake/lookup.ts'
import { countLookup, endLookup } from '../../src/intake/save-lookup.ts'
import { closeEvent, findEvent, type StoredEvent } from '../../src/intake/store.ts'
import type { AccountId } from '../../src/lib/ids.ts'
import { addAccount, addEvent, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
let page: AccountId
beforeEach(async () => {
  await emptyTables(db)
  page = await addAccount(db)
})

const direct = { kind: 'direct', id: '90' } as const
const photo = { kind: 'photo', url: 'https://a.fbcdn.net/1', name: null }
const event = (given: Parameters<typeof addEvent>[2] = {}): Promise<StoredEvent> => addEvent(db, page, given)
const facts = (given: Partial<Facts> = {}): Facts => ({ author: null, text: null, attachments: [], ...given })

async function again({ id }: StoredEvent): Promise<StoredEvent> {
  const found = await findEvent(db, id)
  if (found === null) throw new Error('expected the event')
  return found
}

describe('the platform is asked about', () => {
  it.each<[string, Parameters<typeof addEvent>[2], boolean]>([
    ['a comment by nobody', { authorId: null }, true],
    ['a comment without words', { text: null }, true],
    ['a visitor’s post by nobody', { kind: 'visitor_post', authorId: null }, true],
    ['a message of which only the id came', { place: direct, text: null }, true],
    ['a photo by nobody', { authorId: null, text: null, attachments: [photo] }, true],
    ['a photo without words', { text: null, attachments: [photo] }, false],
    ['a comment like any other', {}, false],
    ['a comment by somebody without a name', { authorName: null }, false],
    ['something without an id', { authorId: null, messageId: null }, false],
    ['a removal', { kind: 'comment_remove', authorId: null, text: null }, false],
    ['an edit', { kind: 'comment_edit', authorId: null }, false],
    ['our own echo', { kind: 'echo', text: null }, false],
    ['what was asked about before', { authorId: null, lookedUpAt: now }, false],
  ])('%s: %3$s', async (_what, given, expected) => expect(needsLookup(await event(given))).toBe(expected))
})

describe('what is found', () => {
  it('takes the place of what is missing', async () => {
    const missing = await event({ authorId: null, authorName: null, text: null })
    const found = facts({ author: { id: '24', name: 'Lê Thị Bưởi\0' }, text: 'Đường hỏng', attachments: [photo] })

    expect(await endLookup(db, missing, found, false, now)).toBe(true)

    expect(await again(missing)).toMatchObject({
      kind: 'comment',
      authorId: '24',
      authorName: 'Lê Thị Bưởi',
      text: 'Đường hỏng',
      attachments: [photo],
      lookedUpAt: now,
    })
  })

  it('never takes the place of what was there', async () => {
    const known = await event({ authorId: null, authorName: 'Như gửi', text: 'Như gửi', attachments: [photo] })
    const found = facts({ author: { id: '24', name: 'Khác' }, text: 'Khác', attachments: [] })

    await endLookup(db, known, found, false, now)

    expect(await again(known)).toMatchObject({
      authorId: '24',
      authorName: 'Như gửi',
      text: 'Như gửi',
      attachments: [photo],
    })
  })

  it('that was written by the account itself becomes an echo', async () => {
    const own = await event({ authorId: null })

    await endLookup(db, own, facts({ author: { id: '100', name: null } }), true, now)

    expect((await again(own)).kind).toBe('echo')
  })

  it('nothing at all ends the matter too', async () => {
    const gone = await event({ authorId: null })

    await endLookup(db, gone, null, false, now)

    expect(needsLookup(await again(gone))).toBe(false)
  })

  it('is written once, and not into an event that is closed', async () => {
    const twice = await event({ authorId: null })
    await endLookup(db, twice, facts({ author: { id: '24', name: null } }), false, now)
    const closed = await event({ authorId: null })
    await closeEvent(db, closed.id, 'removed_before', now)

    expect(await endLookup(db, twice, facts({ author: { id: '25', name: null } }), false, now)).toBe(false)
    expect(await endLookup(db, closed, facts({ author: { id: '25', name: null } }), false, now)).toBe(false)
    expect((await again(twice)).authorId).toBe('24')
  })

  it('is counted until it is found', async () => {
    const { id } = await event({ authorId: null })

    expect([await countLookup(db, id), await countLookup(db, id)]).toEqual([1, 2])
  })
})
