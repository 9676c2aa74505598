import type { Tx } from '../db/client.ts'
import { notify } from '../db/notify.ts'
import type { AccountId, OfficerId, UnitId } from '../lib/ids.ts'
import type { PublishingMode } from './mode.ts'

/** Who changes what may leave: an officer in chat, or somebody who can be named only in words. */
export type Actor = { readonly officerId: OfficerId } | { readonly actor: string }

export type Scope =
  | { readonly scope: 'installation' }
  | { readonly scope: 'unit'; readonly unitId: UnitId }
  | { readonly scope: 'account'; readonly accountId: AccountId }
  | { readonly scope: 'group'; readonly groupId: string }

export const everywhere: Scope = { scope: 'installation' }

interface Change {
  readonly what: 'stopped' | 'resumed' | 'mode' | 'released'
  readonly about: Scope
  readonly mode?: PublishingMode | null
  readonly by: Actor
  readonly reason: string | null
}

/** Writes down who changed what, when and why, and tells the running program, which learns of it at the commit. */
export async function recordChange(tx: Tx, { what, about, mode, by, reason }: Change, now: Date): Promise<void> {
  await tx
    .insertInto('publishingChanges')
    .values({
      at: now,
      what,
      unitId: about.scope === 'unit' ? about.unitId : null,
      accountId: about.scope === 'account' ? about.accountId : null,
      groupId: about.scope === 'group' ? about.groupId : null,
      mode: mode ?? null,
      officerId: 'officerId' in by ? by.officerId : null,
      actor: 'actor' in by ? by.actor : null,
      reason,
    })
    .execute()
  await notify(tx, 'publishing')
}
