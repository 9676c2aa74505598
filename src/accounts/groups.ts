import { z } from 'zod'
import type { Db, Tx } from '../db/client.ts'
import type { AccountId, UnitId } from '../lib/ids.ts'

/**
 * How residents' words in a group become questions. Each mode hears whatever the ones after it hear: everything, words of
 * the group's own, hashtags, mentions and quotes of ours, nothing but what an officer hands over.
 */
export const ListenMode = z.enum(['every_message', 'keyword', 'when_addressed', 'when_mentioned', 'on_forward'])
export type ListenMode = z.infer<typeof ListenMode>

export interface Group {
  readonly externalId: string
  readonly unitId: UnitId
  readonly audience: string
  readonly listen: ListenMode
  /** Words and hashtags that address us there; only for `keyword`. */
  readonly keywords: readonly string[]
}

export async function findGroup(db: Db | Tx, accountId: AccountId, externalId: string): Promise<Group | null> {
  const group = await db
    .selectFrom('groups')
    .select(['externalId', 'unitId', 'audience', 'listen', 'keywords'])
    .where('accountId', '=', accountId)
    .where('externalId', '=', externalId)
    .executeTakeFirst()
  return group === undefined ? null : { ...group, listen: ListenMode.parse(group.listen) }
}
