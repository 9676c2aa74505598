import { saveLogin, saveState } from '../accounts/store.ts'
import type { Db } from '../db/client.ts'
import type { AccountId } from '../lib/ids.ts'
import type { KeyRing } from '../lib/secrets.ts'
import { resumeLane } from '../outbox/lane.ts'
import type { TokenFacts } from './channel.ts'
import { beginWatching, saveWatch, savingWatch } from './store.ts'

/** Keeps the Page's token, which was looked at just now, and lets the Page go on. It is unproved until something comes. */
export async function connectPage(
  db: Db,
  keyRing: KeyRing,
  id: AccountId,
  { token, facts }: { readonly token: string; readonly facts: TokenFacts },
  now: Date,
): Promise<void> {
  await savingWatch(db, async (tx) => {
    await beginWatching(tx)
    await saveLogin(tx, keyRing, id, token)
    const due = { tokenDueAt: now, subscriptionDueAt: now, silenceDueAt: now, reconcileDueAt: now }
    const checked = { tokenCheckedAt: now, tokenProblem: facts.problem, tokenExpiresAt: facts.expiresAt }
    await saveWatch(tx, id, { ...due, ...checked, connectedAt: now, missingScopes: [...facts.missingScopes] })
  })
  await resumeLane(db, id, now)
  await saveState(db, id, 'connected', 'connected', now)
}
