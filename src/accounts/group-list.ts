import type { Db } from '../db/client.ts'

export interface ListedGroup {
  readonly platform: string
  readonly account: string
  readonly group: string
  readonly name: string
  readonly unit: string
  readonly audience: string
  readonly listen: string
  readonly keywords: readonly string[]
  readonly standing: string
  readonly standingSince: Date | null
  readonly membersHiddenSince: Date | null
  readonly lookedAt: Date | null
}

/** The groups that a setup file has named, and how each stands. */
export async function listGroups(db: Db): Promise<ListedGroup[]> {
  return db
    .selectFrom('groups')
    .innerJoin('accounts', 'accounts.id', 'groups.accountId')
    .innerJoin('units', 'units.id', 'groups.unitId')
    .select(['accounts.platform', 'accounts.externalId as account', 'groups.externalId as group', 'groups.name'])
    .select(['units.code as unit', 'audience', 'listen', 'keywords'])
    .select(['standing', 'standingSince', 'membersHiddenSince', 'lookedAt'])
    .orderBy('accounts.externalId')
    .orderBy('groups.name')
    .execute()
}

/** Those that take nothing of ours. */
export async function closedGroups(db: Db): Promise<ListedGroup[]> {
  return (await listGroups(db)).filter(({ standing }) => standing !== 'open')
}
