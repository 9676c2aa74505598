import { groupsToLookAt } from '../accounts/group-looks.ts'
import { saveGroupLook } from '../accounts/group-standing.ts'
import { tellGroupNews } from '../channels/group-news.ts'
import { type Db, transaction } from '../db/client.ts'
import type { ChatAddress } from '../dispatch/route.ts'
import type { Clock } from '../lib/clock.ts'
import { errorCode } from '../lib/errors.ts'
import type { AccountId } from '../lib/ids.ts'
import type { Log } from '../lib/log.ts'

/** Zalo has no limit that we know of; one that is asked for hundreds at once may answer none. */
const GROUPS_AT_ONCE = 50

export interface GroupLookRoom {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly chatAddress: ChatAddress
  readonly pacing: { readonly groupLookMs: number; readonly groupLookAgainMs: number }
}

type ReadGroups = (
  ids: readonly string[],
) => Promise<ReadonlyArray<{ groupId: string; standing: 'open' | 'locked' | 'removed'; hidesMembers: boolean | null }>>

/**
 * Asks the platform how the account stands in the groups where that is due. What happened while nobody listened no event
 * tells. True: those on duty are told something, and what waits may be able to go.
 */
export async function lookAtGroups(
  room: GroupLookRoom,
  accountId: AccountId,
  readGroups: ReadGroups,
): Promise<boolean> {
  const { db, clock, log, chatAddress, pacing } = room
  const { groupLookMs: everyMs, groupLookAgainMs: againMs } = pacing
  const due = await groupsToLookAt(db, accountId, clock(), { everyMs, againMs })
  for (let from = 0; from < due.length; from += GROUPS_AT_ONCE) {
    const ids = due.slice(from, from + GROUPS_AT_ONCE)
    const askedAt = clock()
    const seen = new Map((await readOrNothing(ids, readGroups, log)).map((look) => [look.groupId, look]))
    await transaction(db, 'save-group-look', async (tx) => {
      for (const externalId of ids) {
        await saveGroupLook(tx, { accountId, externalId }, seen.get(externalId) ?? null, askedAt)
      }
    })
  }
  return due.length > 0 && (await tellGroupNews(db, chatAddress, log, clock()))
}

/** What could not be read now is asked for when it is due again: the answers of old groups must not become a storm. */
async function readOrNothing(ids: readonly string[], readGroups: ReadGroups, log: Log): ReturnType<ReadGroups> {
  try {
    return await readGroups(ids)
  } catch (error) {
    log.warn({ code: errorCode(error), groups: ids.length }, 'how groups stand could not be read')
    return []
  }
}
