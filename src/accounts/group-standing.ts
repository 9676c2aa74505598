import { z } from 'zod'
import type { Tx } from '../db/client.ts'
import type { AccountId } from '../lib/ids.ts'

/** removed: our account is not in it; dissolved: nobody is; locked: only its admins may write. Nothing is sent there then. */
export const GroupStanding = z.enum(['open', 'locked', 'removed', 'dissolved'])
export type GroupStanding = z.infer<typeof GroupStanding>

export interface GroupHappened {
  readonly happened: 'left' | 'dissolved' | 'joined' | 'settings'
  /** Null where nothing is told of it. */
  readonly isLocked: boolean | null
  readonly hidesMembers: boolean | null
}

interface GroupName {
  readonly accountId: AccountId
  readonly externalId: string
}

/** Pure. */
export function standingAfter(before: GroupStanding, { happened, isLocked }: GroupHappened): GroupStanding {
  const isIn = before === 'open' || before === 'locked'
  switch (happened) {
    case 'dissolved':
      return 'dissolved'
    case 'left':
      return before === 'dissolved' ? before : 'removed'
    case 'joined':
      return isIn ? before : 'open'
    case 'settings':
      if (isLocked === null || !isIn) return before
      return isLocked ? 'locked' : 'open'
  }
}

/**
 * Writes down what was told of a group. Whether we are among those who may write in a locked one is not told: the platform
 * is to be asked. What is older than what is known changes nothing. Null: nobody has declared such a group.
 */
export async function saveGroupHappened(
  tx: Tx,
  name: GroupName,
  told: GroupHappened,
  at: Date,
  now: Date,
): Promise<GroupStanding | null> {
  const before = await lockGroup(tx, name)
  if (before === null) return null
  const standing = standingAfter(before.standing, told)
  await save(tx, before, { standing, hidesMembers: told.hidesMembers }, at, { lookWantedAt: now })
  return standing
}

/** What the platform says when it is asked. */
export interface GroupLook {
  readonly standing: Exclude<GroupStanding, 'dissolved'>
  readonly hidesMembers: boolean | null
}

/** Writes down how a group stood when the platform was asked, at `askedAt`; null: the answer says nothing of it. */
export async function saveGroupLook(tx: Tx, name: GroupName, look: GroupLook | null, askedAt: Date): Promise<void> {
  const before = await lockGroup(tx, name)
  if (before === null) return
  const isGone = before.standing === 'dissolved' && look?.standing === 'removed'
  const seen = look === null || isGone ? { standing: before.standing, hidesMembers: null } : look
  await save(tx, before, seen, askedAt, { lookedAt: askedAt })
}

interface Before {
  readonly id: string
  readonly standing: GroupStanding
  readonly standingSince: Date | null
  readonly membersHiddenSince: Date | null
}

async function lockGroup(tx: Tx, { accountId, externalId }: GroupName): Promise<Before | null> {
  const row = await tx
    .selectFrom('groups')
    .select(['id', 'standing', 'standingSince', 'membersHiddenSince'])
    .where('accountId', '=', accountId)
    .where('externalId', '=', externalId)
    .forUpdate()
    .executeTakeFirst()
  return row === undefined ? null : { ...row, standing: GroupStanding.parse(row.standing) }
}

async function save(
  tx: Tx,
  before: Before,
  seen: { readonly standing: GroupStanding; readonly hidesMembers: boolean | null },
  at: Date,
  also: { readonly lookWantedAt?: Date; readonly lookedAt?: Date },
): Promise<void> {
  const { standingSince, membersHiddenSince } = before
  const isNews = seen.standing !== before.standing && (standingSince === null || standingSince <= at)
  const isHidingNews = seen.hidesMembers !== null && seen.hidesMembers !== (membersHiddenSince !== null)
  await tx
    .updateTable('groups')
    .set({
      ...also,
      ...(isNews ? { standing: seen.standing, standingSince: at } : {}),
      ...(isHidingNews ? { membersHiddenSince: seen.hidesMembers ? at : null } : {}),
    })
    .where('id', '=', before.id)
    .execute()
}
