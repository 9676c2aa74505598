import { sql } from 'kysely'
import type { Db, Tx } from '../db/client.ts'
import type { AccountId, OfficerId, UnitId } from '../lib/ids.ts'
import { type KeyRing, open, seal } from '../lib/secrets.ts'

export interface Account {
  readonly id: AccountId
  readonly platform: string
  readonly externalId: string
  readonly unitId: UnitId
  readonly name: string
  readonly loginNumber: number
}

const columns = ['id', 'platform', 'externalId', 'unitId', 'name', 'loginNumber'] as const

export async function findAccount(db: Db | Tx, platform: string, externalId: string): Promise<Account | null> {
  const account = await db
    .selectFrom('accounts')
    .select(columns)
    .where('platform', '=', platform)
    .where('externalId', '=', externalId)
    .executeTakeFirst()
  return account ?? null
}

export async function getAccount(db: Db | Tx, id: AccountId): Promise<Account> {
  return db.selectFrom('accounts').select(columns).where('id', '=', id).executeTakeFirstOrThrow()
}

export async function listAccounts(db: Db | Tx, platform: string): Promise<Account[]> {
  return db.selectFrom('accounts').select(columns).where('platform', '=', platform).orderBy('name').execute()
}

/** The account's token or session, opened. It stays in the hands of the platform's adapter. */
export async function openSecret(db: Db, ring: KeyRing, id: AccountId): Promise<string> {
  const account = await db.selectFrom('accounts').select('secret').where('id', '=', id).executeTakeFirstOrThrow()
  return open(ring, `account/${id}`, account.secret)
}

/** The secret refreshed itself, as the cookies of a session do. One that belongs to an older login is not kept. */
export async function saveRefreshed(tx: Tx, ring: KeyRing, account: Account, secret: string): Promise<void> {
  await tx
    .updateTable('accounts')
    .set({ secret: seal(ring, `account/${account.id}`, secret) })
    .where('id', '=', account.id)
    .where('loginNumber', '=', account.loginNumber)
    .execute()
}

/** A person logged the account in anew, or gave it a new token. */
export async function saveLogin(db: Db | Tx, ring: KeyRing, id: AccountId, secret: string): Promise<void> {
  await db
    .updateTable('accounts')
    .set((set) => ({ secret: seal(ring, `account/${id}`, secret), loginNumber: set('loginNumber', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

export async function saveState(db: Db | Tx, id: AccountId, state: string, reason: string, now: Date): Promise<void> {
  await db
    .updateTable('accounts')
    .set({ state, stateReason: reason, stateChangedAt: now })
    .where('id', '=', id)
    .execute()
}

/** Whatever the account itself wrote before `at` is now in our store. */
export async function saveCaughtUp(db: Db, id: AccountId, at: Date): Promise<void> {
  await db
    .updateTable('accounts')
    .set({ caughtUpAt: sql<Date>`greatest(caught_up_at, ${at})` })
    .where('id', '=', id)
    .execute()
}

/** Asks the account's listener, in whichever process it lives, to look for what it may have missed. */
export async function wantCatchUp(db: Db | Tx, id: AccountId, now: Date): Promise<void> {
  await db.updateTable('accounts').set({ catchUpWantedAt: now }).where('id', '=', id).execute()
}

/** The latest catch-up that was asked for and is not yet behind us. */
export async function catchUpWanted(db: Db, id: AccountId): Promise<Date | null> {
  const account = await db
    .selectFrom('accounts')
    .select('catchUpWantedAt')
    .where('id', '=', id)
    .where((where) =>
      where.or([where('caughtUpAt', 'is', null), where('catchUpWantedAt', '>', where.ref('caughtUpAt'))]),
    )
    .executeTakeFirst()
  return account?.catchUpWantedAt ?? null
}

/** A chat of officers with one of our accounts. */
export interface OfficerChat {
  readonly accountId: AccountId
  readonly externalId: string
  /** The account waits for no person to repair it, and may write there. */
  readonly isOpen: boolean
}

const waitsForPerson = ['needs_qr', 'suspended', 'stopped']

/** The chats in which the unit's officers work together. */
export async function officersGroups(db: Db | Tx, unitId: UnitId): Promise<OfficerChat[]> {
  return db
    .selectFrom('groups')
    .innerJoin('accounts', 'accounts.id', 'groups.accountId')
    .select((group) => [
      'groups.accountId',
      'groups.externalId',
      group
        .and([group('accounts.state', 'not in', waitsForPerson), group('groups.standing', '=', 'open')])
        .$castTo<boolean>()
        .as('isOpen'),
    ])
    .where('groups.unitId', '=', unitId)
    .where('groups.audience', '=', 'officers')
    .orderBy('groups.name')
    .execute()
}

export async function findOfficer(db: Db | Tx, accountId: AccountId, externalId: string): Promise<OfficerId | null> {
  const identity = await db
    .selectFrom('officerIdentities')
    .select('officerId')
    .where('accountId', '=', accountId)
    .where('externalId', '=', externalId)
    .executeTakeFirst()
  return identity?.officerId ?? null
}

/** Where an officer can be reached 1:1: what is open first, and there the latest binding. */
export async function officerChats(db: Db | Tx, officerId: OfficerId): Promise<OfficerChat[]> {
  return db
    .selectFrom('officerIdentities')
    .innerJoin('accounts', 'accounts.id', 'officerIdentities.accountId')
    .select((identity) => [
      'officerIdentities.accountId',
      'officerIdentities.externalId',
      identity('accounts.state', 'not in', waitsForPerson).$castTo<boolean>().as('isOpen'),
    ])
    .where('officerIdentities.officerId', '=', officerId)
    .orderBy('isOpen', 'desc')
    .orderBy('officerIdentities.boundAt', 'desc')
    .execute()
}
