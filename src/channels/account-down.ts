import { type Account, saveState } from '../accounts/store.ts'
import { type Db, type Tx, transaction } from '../db/client.ts'
import type { ChatAddress } from '../dispatch/route.ts'
import { accountNews, accountRestored } from '../texts/account-news.ts'
import { tellUnit } from './tell.ts'

export interface AccountNewsPacing {
  /** A connection that is away for longer is spoken of. */
  readonly reconnectingMs: number
  /** Evictions come in rows: it is over once the connection has lasted this long. */
  readonly steadyMs: number
}

export interface AccountNewsRoom {
  readonly db: Db
  readonly chatAddress: ChatAddress
  readonly pacing: AccountNewsPacing
}

/**
 * Writes down how an account is connected, and tells those on duty and its admins what they have to know of that: of a
 * trouble once, by another account, because this one can tell nobody; and once that it is over. True when somebody is
 * told.
 */
export async function saveConnection(
  room: AccountNewsRoom,
  account: Account,
  { state, reason }: { readonly state: string; readonly reason: string },
  now: Date,
): Promise<boolean> {
  return telling(room, account, now, (tx) => saveState(tx, account.id, state, reason, now))
}

/** Tells what has become news by time alone, or could be told to nobody until now. True when somebody is told. */
export async function tellDueNews(room: AccountNewsRoom, account: Account, now: Date): Promise<boolean> {
  if (!(await mayBeDue(room, account, now))) return false
  return telling(room, account, now, async () => {})
}

async function telling(
  { db, chatAddress, pacing }: AccountNewsRoom,
  account: Account,
  now: Date,
  save: (tx: Tx) => Promise<void>,
): Promise<boolean> {
  return transaction(
    db,
    (isTold) => (isTold ? 'tell-account-down' : null),
    async (tx) => {
      await tx.selectFrom('accounts').select('id').where('id', '=', account.id).forUpdate().executeTakeFirstOrThrow()
      // Saved first: whoever is looked for now is looked for where this account is not needed.
      await save(tx)
      const standing = await standingOf(tx, account)
      const news = newsOf(standing, now, pacing)
      if (news === null) return false
      if (news.is === 'over') return tellOver(tx, account, news, chatAddress, now)
      const { state, since } = news
      const text = accountNews(account.name, state, standing.reason) ?? ''
      const isTold = await tellUnit(tx, account.unitId, text, chatAddress, now, { notBy: account.id, admins: true })
      const trouble = { state, since, toldAt: isTold ? now : null }
      await tx
        .insertInto('accountTroubles')
        .values({ accountId: account.id, ...trouble })
        .onConflict((conflict) => conflict.column('accountId').doUpdateSet(trouble))
        .execute()
      return isTold
    },
  )
}

async function tellOver(
  tx: Tx,
  { id, name, unitId }: Account,
  { since }: { since: Date },
  chatAddress: ChatAddress,
  now: Date,
): Promise<boolean> {
  await tx.deleteFrom('accountTroubles').where('accountId', '=', id).execute()
  const lost = await tx
    .selectFrom('accountGaps')
    .select('id')
    .where('accountId', '=', id)
    .where('endedAt', '>=', since)
    .where('lostBecause', 'is not', null)
    .executeTakeFirst()
  return tellUnit(tx, unitId, accountRestored(name, since, lost !== undefined), chatAddress, now, { admins: true })
}

interface Standing {
  readonly state: string
  readonly reason: string | null
  readonly stateChangedAt: Date
  readonly trouble: { readonly state: string; readonly since: Date; readonly toldAt: Date | null } | null
}

type News =
  | { readonly is: 'trouble'; readonly state: string; readonly since: Date }
  | { readonly is: 'over'; readonly since: Date }

/** Pure. What has to be said of an account now, if anything. */
export function newsOf(
  { state, reason, stateChangedAt, trouble }: Standing,
  now: Date,
  pacing: AccountNewsPacing,
): News | null {
  const lastedMs = now.getTime() - stateChangedAt.getTime()
  if (state === 'connected') {
    if (trouble === null || (trouble.state === 'evicted' && lastedMs < pacing.steadyMs)) return null
    return { is: 'over', since: trouble.since }
  }
  const isShort = state === 'reconnecting' && lastedMs < pacing.reconnectingMs
  if (isShort || accountNews('', state, reason) === null) return null
  if (trouble?.state === state && trouble.toldAt !== null) return null
  return { is: 'trouble', state, since: trouble?.since ?? stateChangedAt }
}

async function standingOf(tx: Db | Tx, { id }: Account): Promise<Standing> {
  const { state, reason, stateChangedAt, troubleState, since, toldAt } = await tx
    .selectFrom('accounts')
    .leftJoin('accountTroubles', 'accountTroubles.accountId', 'accounts.id')
    .select([
      'accounts.state',
      'stateReason as reason',
      'stateChangedAt',
      'accountTroubles.state as troubleState',
      'since',
      'toldAt',
    ])
    .where('accounts.id', '=', id)
    .executeTakeFirstOrThrow()
  const trouble = troubleState === null || since === null ? null : { state: troubleState, since, toldAt }
  // A send that met the dead session stops the account for that reason: one trouble, and not two.
  return { state: reason === 'needs_qr' ? reason : state, reason, stateChangedAt, trouble }
}

async function mayBeDue({ db, pacing }: AccountNewsRoom, account: Account, now: Date): Promise<boolean> {
  return newsOf(await standingOf(db, account), now, pacing) !== null
}
