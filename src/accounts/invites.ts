import { randomInt } from 'node:crypto'
import type { Db, Tx } from '../db/client.ts'
import { plusMs } from '../lib/clock.ts'
import type { AccountId, OfficerId } from '../lib/ids.ts'
import { sha256 } from '../lib/secrets.ts'

/** Without 0/O and 1/I: a code is read out on the phone. */
const LETTERS = '23456789ABCDEFGHKMNPQRSTUVWXYZ'
const LENGTH = 8

/** A one-time code that binds whoever sends it 1:1 to one of our accounts. Shown once, kept as a hash. */
export async function inviteOfficer(db: Db, officerId: OfficerId, now: Date, validMs: number): Promise<string> {
  const code = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  await db
    .insertInto('officerInvites')
    .values({ codeHash: sha256(code), officerId, createdAt: now, expiresAt: plusMs(now, validMs) })
    .execute()
  return code
}

/** The code in a message that is nothing but a code, however it is spaced and cased; null for any other text. */
export function findInviteCode(text: string): string | null {
  const code = text.toUpperCase().replace(/[\s-]/g, '')
  return code.length === LENGTH && [...code].every((letter) => LETTERS.includes(letter)) ? code : null
}

/** Uses the code up and binds the sender; null when it is unknown, used or too old. */
export async function bindOfficer(
  tx: Tx,
  bind: { code: string; accountId: AccountId; externalId: string },
  now: Date,
): Promise<OfficerId | null> {
  const invite = await tx
    .updateTable('officerInvites')
    .set({ usedAt: now })
    .where('codeHash', '=', sha256(bind.code))
    .where('usedAt', 'is', null)
    .where('expiresAt', '>', now)
    .returning('officerId')
    .executeTakeFirst()
  if (invite === undefined) return null
  await tx
    .insertInto('officerIdentities')
    .values({ accountId: bind.accountId, externalId: bind.externalId, officerId: invite.officerId, boundAt: now })
    .onConflict((conflict) =>
      conflict.columns(['accountId', 'externalId']).doUpdateSet({ officerId: invite.officerId, boundAt: now }),
    )
    .execute()
  return invite.officerId
}
