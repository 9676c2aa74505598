import type { Db, Tx } from '../db/client.ts'
import type { OutboxId } from '../lib/ids.ts'

export interface GroupOfRow {
  readonly name: string
  readonly standing: string
  /** There is cause to think that it stands otherwise by now, and nobody has asked yet. */
  readonly isInDoubt: boolean
}

/** The declared group that this row goes to; null: it goes to none. */
export async function groupOfRow(db: Db | Tx, id: OutboxId): Promise<GroupOfRow | null> {
  const row = await db
    .selectFrom('outbox')
    .innerJoin('groups', (join) =>
      join
        .onRef('groups.accountId', '=', 'outbox.accountId')
        .onRef('groups.externalId', '=', 'outbox.placeId')
        .on('outbox.placeKind', '=', 'group'),
    )
    .select(['groups.name', 'groups.standing', 'groups.lookedAt', 'groups.lookWantedAt'])
    .where('outbox.id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return null
  const { name, standing, lookedAt, lookWantedAt } = row
  return { name, standing, isInDoubt: lookWantedAt !== null && (lookedAt === null || lookedAt < lookWantedAt) }
}
