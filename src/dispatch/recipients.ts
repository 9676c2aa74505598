import { officerChats, officersGroups } from '../accounts/store.ts'
import type { Tx } from '../db/client.ts'
import type { Place } from '../intake/event.ts'
import type { AccountId, UnitId } from '../lib/ids.ts'
import { officersOnDuty } from '../units/store.ts'
import type { Duty } from '../units/unit.ts'

/** A chat in which officers can be reached. */
export interface WorkChat {
  readonly accountId: AccountId
  readonly place: Place
}

/**
 * Where the unit's cases of this duty are worked on: the officers' group for what everybody there may read, else each
 * officer on duty 1:1. Empty: nobody can be reached.
 */
export async function workChats(tx: Tx, unitId: UnitId, duty: Duty, isPublic: boolean, day: Date): Promise<WorkChat[]> {
  if (isPublic && duty === 'answers') {
    const groups = await officersGroups(tx, unitId)
    if (groups.length > 0) {
      return groups.map((group) => ({ accountId: group.accountId, place: { kind: 'group', id: group.externalId } }))
    }
  }
  const chats: WorkChat[] = []
  for (const { officerId } of await officersOnDuty(tx, unitId, duty, day)) {
    const [latest] = await officerChats(tx, officerId)
    if (latest !== undefined)
      chats.push({ accountId: latest.accountId, place: { kind: 'direct', id: latest.externalId } })
  }
  return chats
}
