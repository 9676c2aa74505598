import { describe, expect, it } from 'vitest'
import { closeEvent, findEvent, wasRemoved } from '../../src/intake/store.ts'
import { EventId, newId } from '../../src/lib/ids.ts'
import { addAccount, addEvent, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
const accountId = await addAccount(db)

describe('an event', () => {
  it('comes back as it was recorded', async () => {
    const attachments = [{ kind: 'photo', url: 'https://x/1', name: null }]
    const { id } = await addEvent(db, accountId, {
      place: { kind: 'group', id: 'g1' },
      text: 'Đường hỏng',
      mentionsAccount: true,
      quotedMessageId: 'q',
      attachments,
      address: { type: 'group', groupId: 'g1' },
      messageId: 'm',
    })

    expect(await findEvent(db, id)).toMatchObject({
      id,
      accountId,
      kind: 'message',
      place: { kind: 'group', id: 'g1' },
      text: 'Đường hỏng',
      mentionsAccount: true,
      quotedMessageId: 'q',
      attachments,
      address: { type: 'group', groupId: 'g1' },
      messageId: 'm',
      outcome: null,
    })
  })

  it('that does not exist is null', async () => {
    expect(await findEvent(db, newId(EventId, now))).toBeNull()
  })

  it('of a kind that nobody knows is an error rather than something else', async () => {
    const { id } = await addEvent(db, accountId)
    await db.updateTable('events').set({ kind: 'story' }).where('id', '=', id).execute()

    await expect(findEvent(db, id)).rejects.toThrow()
  })

  it('twice under one key is refused by the database', async () => {
    await addEvent(db, accountId, { dedupeKey: 'comment:1_2' })

    await expect(addEvent(db, accountId, { dedupeKey: 'comment:1_2' })).rejects.toMatchObject({ code: '23505' })
  })
})

describe('closing an event', () => {
  it('says what became of it', async () => {
    const { id } = await addEvent(db, accountId)

    expect(await closeEvent(db, id, 'opened_case', now)).toBe(true)

    expect(await findEvent(db, id)).toMatchObject({ outcome: 'opened_case' })
  })

  it('is done once; the first word stands', async () => {
    const { id } = await addEvent(db, accountId)
    await closeEvent(db, id, 'opened_case', now)

    expect(await closeEvent(db, id, 'needs_no_officer', now)).toBe(false)

    expect(await findEvent(db, id)).toMatchObject({ outcome: 'opened_case' })
  })

  it('by ten at once is done by one', async () => {
    const { id } = await addEvent(db, accountId)

    const closed = await Promise.all(Array.from({ length: 10 }, (_, at) => closeEvent(db, id, `outcome-${at}`, now)))

    expect(closed.filter(Boolean)).toHaveLength(1)
  })

  it('that does not exist is not done', async () => {
    expect(await closeEvent(db, newId(EventId, now), 'x', now)).toBe(false)
  })
})

describe('a message that was taken back before we looked', () => {
  it.each(['comment_remove', 'message_remove', 'post_remove'])('%s', async (kind) => {
    const message = await addEvent(db, accountId, { messageId: `taken-${kind}` })
    await addEvent(db, accountId, { kind, messageId: `taken-${kind}` })

    expect(await wasRemoved(db, message)).toBe(true)
  })

  it('an edit takes nothing back', async () => {
    const message = await addEvent(db, accountId, { messageId: 'edited' })
    await addEvent(db, accountId, { kind: 'comment_edit', messageId: 'edited' })

    expect(await wasRemoved(db, message)).toBe(false)
  })

  it('what another account saw removed is another message', async () => {
    const message = await addEvent(db, accountId, { messageId: 'same-id' })
    await addEvent(db, await addAccount(db), { kind: 'comment_remove', messageId: 'same-id' })

    expect(await wasRemoved(db, message)).toBe(false)
  })

  it('a message without an id cannot be taken back', async () => {
    const message = await addEvent(db, accountId, { messageId: null })
    await addEvent(db, accountId, { kind: 'comment_remove', messageId: null })

    expect(await wasRemoved(db, message)).toBe(false)
  })
})
