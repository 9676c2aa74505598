import { saveState } from '../accounts/store.ts'
import { plusMs } from '../lib/clock.ts'
import { resumeLane } from '../outbox/lane.ts'
import type { Channel, TokenFacts } from './channel.ts'
import type { WatchRoom } from './room.ts'
import { saveWatch, savingWatch, stopPage, type WatchedPage } from './store.ts'
import { saveTrouble, troubleOf } from './trouble.ts'

/** Looks whether the Page's token is still good. A dead one stops the Page, one that lives again lets it go on. */
export async function lookAtToken(room: WatchRoom, page: WatchedPage, channel: Channel): Promise<void> {
  const { accountId } = page
  try {
    await saveFacts(room, page, await channel.checkToken())
  } catch (error) {
    const trouble = troubleOf(room, error)
    await saveTrouble(room, page, trouble, (tx) =>
      saveWatch(tx, accountId, {
        tokenDueAt: trouble.againAt,
        ...(trouble.stop === null ? {} : { tokenProblem: trouble.stop, tokenCheckedAt: room.clock() }),
      }),
    )
  }
}

async function saveFacts(room: WatchRoom, page: WatchedPage, facts: TokenFacts): Promise<void> {
  const { db, log, pacing } = room
  const { accountId, externalId } = page
  const { problem, expiresAt, missingScopes } = facts
  const now = room.clock()
  // A wrong secret concerns every Page, and is put right by a restart: that is worth a second look soon.
  const isSoon = problem !== null || (page.state === 'stopped' && page.stateReason === 'app_setup')
  await savingWatch(db, async (tx) => {
    await saveWatch(tx, accountId, {
      tokenCheckedAt: now,
      tokenDueAt: plusMs(now, isSoon ? pacing.againMs : pacing.tokenEveryMs),
      tokenProblem: problem,
      tokenExpiresAt: expiresAt,
      missingScopes: [...missingScopes],
    })
    if (problem !== null) await stopPage(tx, accountId, 'token', now)
  })
  if (problem !== null) return log.error({ page: externalId, problem }, 'the token of a Page is not good any more')
  if (missingScopes.length > 0) log.error({ page: externalId, missingScopes }, 'the token of a Page lacks permissions')
  await goOn(room, page, now)
}

async function goOn({ db, log }: WatchRoom, page: WatchedPage, now: Date): Promise<void> {
  const { accountId, externalId, state } = page
  const isStopped = state === 'stopped'
  if (isStopped && !isRepaired(page)) return
  if (isStopped) {
    await resumeLane(db, accountId, now)
    log.info({ page: externalId }, 'a Page that was stopped goes on')
  }
  if (state !== 'connected') await saveState(db, accountId, 'connected', 'token_checked', now)
}

/**
 * Pure. The token was found good just now: may a stopped Page go on? Yes where a look had found it bad. Where only a send was
 * told so, it takes a second good look, which is not due at once: otherwise the two could contradict each other every
 * minute. Other stops are for a person to lift.
 */
function isRepaired({ stateReason, stateChangedAt, tokenProblem, tokenCheckedAt }: WatchedPage): boolean {
  if (stateReason !== 'token' && stateReason !== 'app_setup') return false
  return tokenProblem !== null || (tokenCheckedAt !== null && tokenCheckedAt > stateChangedAt)
}
