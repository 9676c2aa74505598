import { beforeEach, describe, expect, it } from 'vitest'
import type { StoredEvent } from '../../src/intake/store.ts'
import type { AccountId, OutboxId } from '../../src/lib/ids.ts'
import { confirmRow, findEchoed } from '../../src/outbox/confirm.ts'
import { withMark } from '../../src/outbox/mark.ts'
import { OutboxState } from '../../src/outbox/outbound.ts'
import { addAccount, addCase, addEvent, addOutboxRow, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'
import { readRow } from './stage.ts'

const { db } = await testDatabase()
let accountId: AccountId
beforeEach(async () => {
  await emptyTables(db)
  accountId = await addAccount(db, { platform: 'zalo' })
})

const chat = { kind: 'group', id: 'can-bo' } as const
const card = (given: Parameters<typeof addOutboxRow>[1] = {}): Promise<OutboxId> =>
  addOutboxRow(db, {
    accountId,
    audience: 'officer',
    state: 'sent',
    placeKind: 'group',
    placeId: chat.id,
    text: 'Câu hỏi mới: đường hỏng',
    ...given,
  })

function echo(given: Parameters<typeof addEvent>[2] = {}): Promise<StoredEvent> {
  return addEvent(db, accountId, { kind: 'echo', place: chat, text: 'Câu hỏi mới: đường hỏng', ...given })
}

const echoed = async (event: StoredEvent): Promise<OutboxId | null> =>
  db.transaction().execute((tx) => findEchoed(tx, event))

describe('which of our rows an echo is', () => {
  it('the one whose mark is in its metadata', async () => {
    await card()
    const id = await card({ text: 'anything' })

    expect(await echoed(await echo({ echoMark: id }))).toBe(id)
  })

  it('a mark that is no id of ours is no match, and no error', async () => {
    expect(await echoed(await echo({ echoMark: 'made by another tool', text: 'x' }))).toBeNull()
  })

  it('the one the platform gave this id', async () => {
    await card()
    const id = await card({ messageId: 'm77', text: 'something else' })

    expect(await echoed(await echo({ messageId: 'm77' }))).toBe(id)
  })

  it('the one with this code and this number', async () => {
    const about = await addCase(db, { accountId })
    const mark = (ordinal: number): string => withMark('Cần CCCD.', { code: about.code, ordinal })
    const same = { accountId, caseId: about.id, state: 'sent' }
    await addOutboxRow(db, { ...same, ordinal: 1, kind: 'acknowledgement', text: mark(1) })
    const id = await addOutboxRow(db, { ...same, ordinal: 2, text: mark(2) })

    expect(await echoed(await echo({ text: `@Nguyễn Văn Gia ${mark(2)}` }))).toBe(id)
  })

  it('a code and a number nobody gave out match nothing, whatever the words', async () => {
    const about = await addCase(db, { accountId })
    const text = withMark('Câu hỏi mới: đường hỏng', { code: about.code, ordinal: 5 })
    await card()

    expect(await echoed(await echo({ text }))).toBeNull()
  })

  it('as a last resort the one with these words in this chat', async () => {
    const id = await card()

    expect(await echoed(await echo())).toBe(id)
  })

  it.each([
    ['composed differently', 'Câu hỏi mới: đường hỏng'.normalize('NFD')],
    ['spaced differently', 'Câu hỏi mới:\n\n đường hỏng '],
    ['behind a mention', '@Hoa Câu hỏi mới: đường hỏng'],
  ])('the words may come back %s', async (_how, text) => {
    const id = await card()

    expect(await echoed(await echo({ text }))).toBe(id)
  })

  it('of two with the same words the one queued first', async () => {
    const first = await card({ createdAt: new Date(now.getTime() - 1) })
    await card()

    expect(await echoed(await echo())).toBe(first)
  })

  it.each<[string, Parameters<typeof addOutboxRow>[1], Parameters<typeof addEvent>[2]]>([
    ['the same words in another chat', {}, { place: { kind: 'group', id: 'minh-son' } }],
    ['words that go on', {}, { text: 'Câu hỏi mới: đường hỏng rồi' }],
    ['other words', {}, { text: 'Chào bà con' }],
    ['no words', {}, { text: null }],
    ['a row that was never sent', { state: 'pending' }, {}],
    ['a row that was cancelled', { state: 'cancelled' }, {}],
    ['a row that was confirmed before', { state: 'confirmed' }, {}],
    ['a row whose id is known to be another', { messageId: 'm1' }, {}],
  ])('%s: written outside', async (_what, row, event) => {
    await card(row)

    expect(await echoed(await echo(event))).toBeNull()
  })

  it('another account’s row is none of ours', async () => {
    const other = await addAccount(db, { platform: 'zalo' })
    const id = await card({ accountId: other, messageId: 'm77' })

    expect(await echoed(await echo({ messageId: 'm77', echoMark: id }))).toBeNull()
  })
})

describe('confirming a row', () => {
  const confirm = (id: OutboxId, messageId: string | null = '1_9') =>
    db.transaction().execute((tx) => confirmRow(tx, id, messageId, now))

  it.each(['sending', 'sent', 'unknown', 'needs_person'] as const)('that was %s', async (state) => {
    const id = await addOutboxRow(db, { state, nextLookAt: now })
    const { caseId, originId } = await readRow(db, id)

    expect(await confirm(id)).toMatchObject({ id, caseId, kind: 'answer', originId, audience: 'public' })

    expect(await readRow(db, id)).toMatchObject({ state: 'confirmed', messageId: '1_9', nextLookAt: null })
  })

  const others = OutboxState.options.filter((state) => !['sending', 'sent', 'unknown', 'needs_person'].includes(state))
  it.each(others)('that was %s changes nothing', async (state) => {
    const id = await addOutboxRow(db, { state })

    expect(await confirm(id)).toBeNull()

    expect(await readRow(db, id)).toMatchObject({ state, messageId: null })
  })

  it('without an id keeps the one it has', async () => {
    const id = await addOutboxRow(db, { state: 'sent', messageId: '1_9' })

    await confirm(id, null)

    expect(await readRow(db, id)).toMatchObject({ state: 'confirmed', messageId: '1_9' })
  })

  it('by two at once is done by one', async () => {
    const id = await addOutboxRow(db, { state: 'sent' })

    const confirmed = await Promise.all([confirm(id), confirm(id), confirm(id)])

    expect(confirmed.filter((one) => one !== null)).toHaveLength(1)
  })
})
