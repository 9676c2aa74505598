import { type OfficerChat, officerChats, officersGroups } from '../accounts/store.ts'
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
 * officer on duty 1:1, also when the group's account is dead and somebody can be reached through another one. Empty:
 * nobody can be reached. `notBy`: the account that cannot be used, though it may not look so. `notIn`: chats that the
 * platform refuses to write to.
 */
export async function workChats(
  tx: Tx,
  unitId: UnitId,
  duty: Duty,
  isPublic: boolean,
  day: Date,
  { notBy = null, notIn = [] }: { readonly notBy?: AccountId | null; readonly notIn?: readonly WorkChat[] } = {},
): Promise<WorkChat[]> {
  const isUsable = (chat: OfficerChat): boolean =>
    chat.accountId !== notBy &&
    !notIn.some(({ accountId, place }) => accountId === chat.accountId && place.id === chat.externalId)
  const groups = isPublic && duty === 'answers' ? (await officersGroups(tx, unitId)).filter(isUsable) : []
  const open = groups.filter(({ isOpen }) => isOpen)
  if (open.length > 0) return open.map((group) => chatIn('group', group))
  const latest: OfficerChat[] = []
  for (const { officerId } of await officersOnDuty(tx, unitId, duty, day)) {
    latest.push(...(await officerChats(tx, officerId)).filter(isUsable).slice(0, 1))
  }
  const reachable = groups.length === 0 ? latest : latest.filter(({ isOpen }) => isOpen)
  // What cannot be read now waits where it would have been written.
  return reachable.length > 0
    ? reachable.map((chat) => chatIn('direct', chat))
    : groups.map((group) => chatIn('group', group))
}

function chatIn(kind: Place['kind'], { accountId, externalId }: OfficerChat): WorkChat {
  return { accountId, place: { kind, id: externalId } }
}
