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
  await savingWatch(db, async (tx) => {
    await saveWatch(tx, accountId, {
      tokenCheckedAt: now,
      tokenDueAt: plusMs(now, problem === null ? pacing.tokenEveryMs : pacing.againMs),
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

/** Only what this look had found bad is repaired by its finding it good: other stops are for a person to lift. */
async function goOn({ db, log }: WatchRoom, page: WatchedPage, now: Date): Promise<void> {
  const { accountId, externalId, state, stateReason, tokenProblem } = page
  const isStopped = state === 'stopped'
  if (isStopped && (tokenProblem === null || stateReason === 'permission')) return
  if (isStopped) {
    await resumeLane(db, accountId, now)
    log.info({ page: externalId }, 'a Page that was stopped goes on')
  }
  if (state !== 'connected') await saveState(db, accountId, 'connected', 'token_checked', now)
}
