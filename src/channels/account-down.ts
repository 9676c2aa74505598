import { type Account, saveState } from '../accounts/store.ts'
import { type Db, transaction } from '../db/client.ts'
import type { ChatAddress } from '../dispatch/route.ts'
import { accountNews } from '../texts/account-news.ts'
import { tellUnit } from './tell.ts'

/**
 * Writes down how an account is connected. Does it need a person now, those on duty are told once, by another account:
 * this one can tell nobody. True when something was queued.
 */
export async function saveConnection(
  db: Db,
  { id, name, unitId }: Account,
  { state, reason }: { readonly state: string; readonly reason: string },
  chatAddress: ChatAddress,
  now: Date,
): Promise<boolean> {
  return transaction(
    db,
    (isTold) => (isTold ? 'tell-account-down' : null),
    async (tx) => {
      const before = await tx
        .selectFrom('accounts')
        .select('state')
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirstOrThrow()
      await saveState(tx, id, state, reason, now)
      const text = before.state === state ? null : accountNews(name, state)
      // Saved first: whoever is looked for now is looked for where this account is not needed.
      return text !== null && tellUnit(tx, unitId, text, chatAddress, now, { notBy: id })
    },
  )
}
