import type { Db } from '../db/client.ts'
import { RefusedError } from '../lib/errors.ts'
import type { AccountId, OfficerId } from '../lib/ids.ts'
import { agrees, consentStatement, consentVersion, consentWords } from '../texts/zalo-consent.ts'
import { isOnDuty, listUnits, officerName } from '../units/store.ts'
import { lineage } from '../units/tree.ts'
import { type Account, getAccount } from './store.ts'

/** A personal account may be driven: somebody named has agreed to that, and nobody has withdrawn it. */
export interface Consent {
  readonly accountId: AccountId
  readonly officerName: string
  readonly at: Date
  readonly version: number
  /** It was given to the statement as it is today. An older one holds too, but is asked for anew at the next login. */
  readonly isCurrent: boolean
}

/** The consents that hold now. */
export async function standingConsents(db: Db): Promise<Map<AccountId, Consent>> {
  const latest = await db
    .selectFrom('accountConsents')
    .distinctOn('accountId')
    .select(['accountId', 'officerName', 'at', 'what', 'statementVersion'])
    .orderBy('accountId')
    .orderBy('id', 'desc')
    .execute()
  return new Map(
    latest.flatMap(({ accountId, officerName: name, at, what, statementVersion: version }) =>
      what === 'given' && version !== null
        ? [[accountId, { accountId, officerName: name, at, version, isCurrent: version === consentVersion }] as const]
        : [],
    ),
  )
}

/** The account's own, null when there is none that holds. */
export async function consentOf(db: Db, id: AccountId): Promise<Consent | null> {
  return (await standingConsents(db)).get(id) ?? null
}

/** An admin agrees, in these words, to the statement as it is today: from now on the account may be connected. */
export async function giveConsent(
  db: Db,
  { accountId, officerId, words }: { accountId: AccountId; officerId: OfficerId; words: string },
  now: Date,
): Promise<void> {
  if (!agrees(words)) throw new RefusedError(`nothing was agreed to: expected the words “${consentWords}”`)
  await requireAdmin(db, await getAccount(db, accountId), officerId, now)
  await db
    .insertInto('accountConsents')
    .values({
      accountId,
      officerId,
      officerName: await officerName(db, officerId),
      at: now,
      what: 'given',
      statementVersion: consentVersion,
      statement: consentStatement,
    })
    .execute()
}

/** An admin withdraws what was agreed to: the account is disconnected at the listener's next look. */
export async function withdrawConsent(
  db: Db,
  { accountId, officerId }: { accountId: AccountId; officerId: OfficerId },
  now: Date,
): Promise<void> {
  if ((await consentOf(db, accountId)) === null)
    throw new RefusedError('there is nothing to withdraw: nobody has agreed to using this account')
  await requireAdmin(db, await getAccount(db, accountId), officerId, now)
  const name = await officerName(db, officerId)
  await db
    .insertInto('accountConsents')
    .values({ accountId, officerId, officerName: name, at: now, what: 'withdrawn' })
    .execute()
}

/** Who is named so and may decide about this account: `administers` in its unit, or in one above. */
export async function findAdmin(db: Db, account: Account, name: string, now: Date): Promise<OfficerId> {
  const named = await db.selectFrom('officers').select('id').where('displayName', '=', name).execute()
  const [officer, second] = named
  if (officer === undefined) throw new RefusedError(`no officer is named "${name}": import them first`)
  if (second !== undefined)
    throw new RefusedError(`several officers are named "${name}": give them different names first`)
  await requireAdmin(db, account, officer.id, now)
  return officer.id
}

async function requireAdmin(db: Db, account: Account, officerId: OfficerId, now: Date): Promise<void> {
  for (const { id } of lineage(await listUnits(db), account.unitId)) {
    if (await isOnDuty(db, officerId, 'administers', now, id)) return
  }
  const name = await officerName(db, officerId)
  throw new RefusedError(`"${name}" does not hold the duty "administers" in the unit of "${account.name}" or above it`)
}
