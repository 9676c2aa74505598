import type { Db } from '../db/client.ts'

export interface UndeclaredGroup {
  readonly account: string
  readonly group: string
  readonly messages: number
  readonly lastHeardAt: Date
}

/** Groups that our accounts sit in and that no setup file names, the one heard last first. Zalo shows their ids nowhere. */
export async function undeclaredGroups(db: Db): Promise<UndeclaredGroup[]> {
  const rows = await db
    .selectFrom('events')
    .innerJoin('accounts', 'accounts.id', 'events.accountId')
    .leftJoin('groups', (join) =>
      join.onRef('groups.accountId', '=', 'events.accountId').onRef('groups.externalId', '=', 'events.placeId'),
    )
    .select((select) => [
      'accounts.externalId as account',
      'events.placeId as group',
      select.fn.countAll<string>().as('messages'),
      select.fn.max('events.occurredAt').as('lastHeardAt'),
    ])
    .where('events.outcome', '=', 'unknown_group')
    .where('groups.id', 'is', null)
    .groupBy(['accounts.externalId', 'events.placeId'])
    .orderBy('lastHeardAt', 'desc')
    .execute()
  return rows.map((row) => ({ ...row, messages: Number(row.messages) }))
}
