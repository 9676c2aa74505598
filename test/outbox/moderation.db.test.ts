import { beforeEach, describe, expect, it } from 'vitest'
import { setConfidentiality } from '../../src/cases/restrict.ts'
import { type AccountId, type CaseId, newId, OutboxId } from '../../src/lib/ids.ts'
import { claimNext } from '../../src/outbox/claim.ts'
import { findUnsettled } from '../../src/outbox/reconcile.ts'
import { addAccount, addCase, addOutboxRow, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'
import { later, mustClaim, pacing, readRow, settled } from './stage.ts'

const { db } = await testDatabase()
let accountId: AccountId
let caseId: CaseId
beforeEach(async () => {
  await emptyTables(db)
  accountId = await addAccount(db)
  caseId = (await addCase(db, { accountId })).id
})

const refused = { code: expect.stringMatching(/^(23514|23000)$/) }
type Given = Parameters<typeof addOutboxRow>[1]

function moderate(kind: 'delete' | 'hide' | 'unhide', given: Given = {}): Promise<OutboxId> {
  const target = { kind, audience: 'moderation', ordinal: null, text: '', targetId: '1_2' }
  return addOutboxRow(db, { accountId, caseId, ...target, ...given })
}

async function restrict(): Promise<void> {
  await db.updateTable('cases').set({ confidentiality: 'restricted' }).where('id', '=', caseId).execute()
}

describe('taking down and hiding', () => {
  it.each(['delete', 'hide', 'unhide'] as const)('%s is done also for a restricted case', async (kind) => {
    await restrict()

    await expect(moderate(kind)).resolves.toBeDefined()
  })

  it('is not taken back when the case becomes restricted', async () => {
    const id = await moderate('hide')

    await restrict()

    expect(await readRow(db, id)).toMatchObject({ state: 'pending' })
  })

  it('what would show something is, while it waits and when it is tried again', async () => {
    const waiting = await moderate('unhide', { targetId: '1_3', dueAt: later(1_000) })
    const underway = await moderate('unhide')
    const claim = await mustClaim(db)

    await db
      .transaction()
      .execute((tx) => setConfidentiality(tx, caseId, 'restricted', { reason: 'denunciation' }, now))
    await settled(db, claim, { state: 'pending' })

    expect(await readRow(db, waiting)).toMatchObject({ state: 'cancelled', errorCode: 'restricted' })
    expect(await readRow(db, underway)).toMatchObject({ state: 'cancelled' })
  })

  it.each<[string, Given]>([
    ['with words', { text: 'Xin lỗi bác.' }],
    ['without saying what', { targetId: null }],
    ['with a number', { ordinal: 1 }],
  ])('%s is refused by the database', async (_what, given) => {
    await expect(moderate('hide', given)).rejects.toMatchObject(refused)
  })

  it.each(['answer', 'acknowledgement', 'edit', 'private_reply', 'post'])(
    'cannot be the guise of an %s',
    async (kind) => {
      await restrict()
      const guise = { kind, audience: 'moderation', ordinal: null, text: '', targetId: '1_2' }

      await expect(addOutboxRow(db, { accountId, caseId, ...guise })).rejects.toMatchObject(refused)
    },
  )

  it.each(['delete', 'hide'] as const)('%s goes on while publishing is stopped', async (kind) => {
    await db.updateTable('switches').set({ isOn: false }).execute()
    const id = await moderate(kind)

    expect((await mustClaim(db)).message).toMatchObject({ id, targetId: '1_2', text: '' })
  })

  it('what would show something waits until publishing goes on', async () => {
    await db.updateTable('switches').set({ isOn: false }).execute()
    await moderate('unhide')

    expect(await claimNext(db, 'facebook', now, pacing)).toBeNull()
  })
})

describe('words in private and in public', () => {
  it.each<[string, Given]>([
    ['edit', { kind: 'edit', audience: 'public', ordinal: null, targetId: '1_9' }],
    ['private reply', { kind: 'private_reply', audience: 'resident', targetId: '1_2' }],
    ['post', { kind: 'post', audience: 'public' }],
  ])('an %s of a restricted case is refused', async (_what, given) => {
    await restrict()

    await expect(addOutboxRow(db, { accountId, caseId, ...given })).rejects.toMatchObject(refused)
  })

  it('a post may belong to no case, and an edit without one is of such a post', async () => {
    const none = { accountId, caseId: null, audience: 'public', ordinal: null } as const
    const post = { ...none, kind: 'post', state: 'confirmed', messageId: '100_7' } as const
    await insertAsItIs(post)

    await expect(insertAsItIs({ ...none, kind: 'edit', targetId: '100_7' })).resolves.toBeUndefined()
    await expect(insertAsItIs({ ...none, kind: 'edit', targetId: '100_8' })).rejects.toMatchObject(refused)
    await expect(insertAsItIs({ ...none, kind: 'answer' })).rejects.toMatchObject(refused)
  })
})

describe('words for a case that was answered on the platform itself', () => {
  const outside = async (at: Date): Promise<void> => {
    await db.updateTable('cases').set({ status: 'answered_outside' }).where('id', '=', caseId).execute()
    await db.insertInto('caseHistory').values({ caseId, what: 'answered_outside', at }).execute()
  }
  const reply: Given = { kind: 'private_reply', audience: 'resident', targetId: '1_2' }

  it('that were intended after that are tried again', async () => {
    await outside(later(-1_000))
    const id = await addOutboxRow(db, { accountId, caseId, ...reply })

    await settled(db, await mustClaim(db), { state: 'pending' })

    expect(await readRow(db, id)).toMatchObject({ state: 'pending' })
  })

  it('that were intended before it are not', async () => {
    await outside(later(-1_000))
    const id = await addOutboxRow(db, { accountId, caseId, ...reply, createdAt: later(-500) })
    const claim = await mustClaim(db)
    await outside(later(-250))

    await settled(db, claim, { state: 'pending' })

    expect(await readRow(db, id)).toMatchObject({ state: 'cancelled' })
  })
})

describe('what a later decision overtakes', () => {
  it('is not tried again: hidden, then shown, a comment stays shown', async () => {
    const hide = await moderate('hide', { createdAt: later(-2_000) })
    const claim = await mustClaim(db)
    await moderate('unhide', { createdAt: later(-1_000) })

    await settled(db, claim, { state: 'pending' })

    expect(await readRow(db, hide)).toMatchObject({ state: 'cancelled' })
  })

  it('is known as such when it is looked for', async () => {
    const ended = { attempts: 1, firstClaimedAt: now, attemptEndedAt: now }
    const hide = await moderate('hide', { ...ended, createdAt: later(-2_000), state: 'sent' })
    const show = await moderate('unhide', { ...ended, createdAt: later(-1_000), state: 'sent' })

    expect(await findUnsettled(db, hide)).toMatchObject({ isSuperseded: true })
    expect(await findUnsettled(db, show)).toMatchObject({ isSuperseded: false })
  })

  it('is what was decided about the same thing alone', async () => {
    const ended = { attempts: 1, firstClaimedAt: now, attemptEndedAt: now, state: 'sent' }
    const hide = await moderate('hide', { ...ended, createdAt: later(-2_000) })
    await moderate('unhide', { ...ended, createdAt: later(-1_000), targetId: '1_3' })
    await moderate('unhide', { ...ended, createdAt: later(-1_000), state: 'rejected' })

    expect(await findUnsettled(db, hide)).toMatchObject({ isSuperseded: false })
  })
})

/** The builder gives everything for residents a case. */
async function insertAsItIs(given: NonNullable<Given>): Promise<void> {
  const row = await readRow(db, await addOutboxRow(db, { accountId, audience: 'officer' }))
  await db
    .insertInto('outbox')
    .values({
      ...row,
      ...given,
      id: newId(OutboxId, now),
      originId: newId(OutboxId, now),
      address: '{}',
      addressKey: `${given.kind}`,
    })
    .execute()
}
