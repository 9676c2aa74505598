import { beforeAll, describe, expect, it } from 'vitest'
import { bindOfficer, findInviteCode, inviteOfficer } from '../../src/accounts/invites.ts'
import { findOfficer, officerChats } from '../../src/accounts/store.ts'
import { transaction } from '../../src/db/client.ts'
import { plusMs } from '../../src/lib/clock.ts'
import type { AccountId, OfficerId } from '../../src/lib/ids.ts'
import { sha256 } from '../../src/lib/secrets.ts'
import { addAccount, addOfficer, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
let accountId: AccountId
beforeAll(async () => {
  accountId = await addAccount(db, { platform: 'zalo' })
})

const week = 7 * 24 * 3_600_000

function bind(code: string, externalId: string, at = now, account = accountId): Promise<OfficerId | null> {
  return transaction(db, 'bind-officer', (tx) => bindOfficer(tx, { code, accountId: account, externalId }, at))
}

describe('an invitation', () => {
  it('binds whoever sends its code to the invited officer', async () => {
    const officerId = await addOfficer(db)
    const code = await inviteOfficer(db, officerId, now, week)

    expect(await bind(code, 'hoa')).toBe(officerId)

    expect(await findOfficer(db, accountId, 'hoa')).toBe(officerId)
  })

  it('is a code that is recognised as one', async () => {
    const code = await inviteOfficer(db, await addOfficer(db), now, week)

    expect(findInviteCode(code)).toBe(code)
  })

  it('is kept as a hash alone', async () => {
    const code = await inviteOfficer(db, await addOfficer(db), now, week)

    const kept = await db
      .selectFrom('officerInvites')
      .selectAll()
      .where('codeHash', '=', sha256(code))
      .executeTakeFirstOrThrow()
    expect(JSON.stringify({ ...kept, codeHash: kept.codeHash.toString('latin1') })).not.toContain(code)
  })

  it('works once', async () => {
    const code = await inviteOfficer(db, await addOfficer(db), now, week)
    await bind(code, 'first')

    expect(await bind(code, 'second')).toBeNull()

    expect(await findOfficer(db, accountId, 'second')).toBeNull()
  })

  it('sent by two people at once binds one of them', async () => {
    const code = await inviteOfficer(db, await addOfficer(db), now, week)

    const bound = await Promise.all([bind(code, 'left'), bind(code, 'right')])

    expect(bound.filter((officer) => officer !== null)).toHaveLength(1)
  })

  it.each([
    ['just before its end', week - 1, true],
    ['at its end', week, false],
    ['long after', 2 * week, false],
  ])('%s: %s', async (_when, afterMs, works) => {
    const code = await inviteOfficer(db, await addOfficer(db), now, week)

    expect((await bind(code, `late-${afterMs}`, plusMs(now, afterMs))) !== null).toBe(works)
  })

  it('that was never given out binds nobody', async () => {
    expect(await bind('AAAAAAAA', 'stranger')).toBeNull()
    expect(await findOfficer(db, accountId, 'stranger')).toBeNull()
  })

  it('two for one officer are two different codes, and both work', async () => {
    const officerId = await addOfficer(db)
    const codes = [await inviteOfficer(db, officerId, now, week), await inviteOfficer(db, officerId, now, week)]

    expect(new Set(codes).size).toBe(2)
    expect(await bind(codes[0] ?? '', 'phone')).toBe(officerId)
    expect(await bind(codes[1] ?? '', 'tablet')).toBe(officerId)
  })
})

describe('a bound identity', () => {
  it('means something only together with the account that sees it', async () => {
    const other = await addAccount(db, { platform: 'zalo' })
    await bind(await inviteOfficer(db, await addOfficer(db), now, week), 'same-uid')

    expect(await findOfficer(db, other, 'same-uid')).toBeNull()
  })

  it('goes to the officer of the newest code that it sent', async () => {
    const [former, present] = [await addOfficer(db), await addOfficer(db)]
    await bind(await inviteOfficer(db, former, now, week), 'handed-over')

    await bind(await inviteOfficer(db, present, now, week), 'handed-over')

    expect(await findOfficer(db, accountId, 'handed-over')).toBe(present)
    expect(await officerChats(db, former)).toEqual([])
  })
})
