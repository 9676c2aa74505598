import type { Db } from '../db/client.ts'
import { RefusedError } from '../lib/errors.ts'
import type { AccountId, UnitId } from '../lib/ids.ts'

/** The account by its platform's id; where two platforms have the same one, by "zalo 555". */
export async function accountNamed(db: Db, name: string): Promise<AccountId> {
  const [platform, id] = name.includes(' ') ? name.split(' ') : [null, name]
  const accounts = await db.selectFrom('accounts').select(['id', 'platform', 'externalId']).execute()
  const found = accounts.filter((one) => one.externalId === id && (platform === null || one.platform === platform))
  return only(found, `account ${name}`, 'name its platform as well: "zalo 555"').id
}

/** The group by its id, as `zalo groups` and the setup file write it. */
export async function groupNamed(db: Db, name: string): Promise<string> {
  const found = await db.selectFrom('groups').select('id').where('externalId', '=', name).execute()
  return only(found, `group ${name}`, 'set the mode of its account or unit').id
}

export async function unitNamed(db: Db, code: string): Promise<UnitId> {
  const found = await db.selectFrom('units').select('id').where('code', '=', code).execute()
  return only(found, `unit ${code}`, '').id
}

function only<T>(found: readonly T[], what: string, otherwise: string): T {
  const [first, second] = found
  if (first === undefined) throw new RefusedError(`there is no ${what}: see "danhoi export"`)
  if (second !== undefined) throw new RefusedError(`there are ${found.length} of ${what}: ${otherwise}`)
  return first
}
