import { findAccount } from '../accounts/store.ts'
import { casesOfPerson } from '../cases/store.ts'
import type { Db } from '../db/client.ts'
import type { ChatAddress } from '../dispatch/route.ts'
import { dataDeletionTexts } from '../texts/data-deletion.ts'
import { keepRequest } from './requests.ts'
import { tellUnit } from './tell.ts'

/** What an Official Account was told: this person takes their consent back. */
export interface Withdrawal {
  readonly oaId: string
  readonly userId: string
  readonly rawBody: Buffer
}

/**
 * A resident wants what is kept about them deleted. It is written down like Facebook's requests, and those on duty are
 * told once, in the same transaction; what is public about it alone is named, for a group of officers may read it.
 */
export async function keepWithdrawal(
  db: Db,
  { oaId, userId, rawBody }: Withdrawal,
  chatAddress: ChatAddress,
  now: Date,
): Promise<void> {
  const account = await findAccount(db, 'zalo_oa', oaId)
  if (account === null) return
  const request = { platform: 'zalo_oa', kind: 'data_deletion', signed: rawBody, userId } as const
  await keepRequest(db, request, now, async (tx, code) => {
    const cases = await casesOfPerson(tx, account.id, userId)
    await tellUnit(tx, account.unitId, dataDeletionTexts.toOfficers(account.name, code, now, cases), chatAddress, now)
  })
}
