import type { Account } from '../accounts/store.ts'
import { type Db, transaction } from '../db/client.ts'
import type { ChatAddress } from '../dispatch/route.ts'
import { officialNews } from '../texts/account-news.ts'
import { tellUnit } from './tell.ts'

/** The official platforms of Zalo: what becomes of their accounts is found out when something is sent or asked. */
const platforms = ['zalo_oa', 'zalo_bot']

/** In these a person has to repair something. */
const down = new Set(['stopped', 'suspended', 'evicted'])
/** In these they have. */
const up = new Set(['connected', 'unknown'])

/**
 * Tells those on duty, by another account, of every bot and Official Account that needs a person, and that it works again:
 * each once. Whom nobody could tell is told when somebody can. Returns how many news there were.
 */
export async function tellOfficialNews(db: Db, chatAddress: ChatAddress, now: Date): Promise<number> {
  const accounts = await db
    .selectFrom('accounts')
    .leftJoin('accountNews', 'accountNews.accountId', 'accounts.id')
    .select(['id', 'platform', 'externalId', 'unitId', 'name', 'loginNumber', 'state', 'stateReason', 'toldState'])
    .where('platform', 'in', platforms)
    .orderBy('id')
    .execute()
  let told = 0
  for (const account of accounts) {
    if (isNews(account) && (await tell(db, account, chatAddress, now))) told += 1
  }
  return told
}

interface Known {
  readonly state: string
  readonly stateReason: string | null
  readonly toldState: string | null
}

function isNews({ state, toldState }: Pick<Known, 'state' | 'toldState'>): boolean {
  return down.has(state) ? toldState === null : up.has(state) && toldState !== null
}

function tell(db: Db, account: Account & Known, chatAddress: ChatAddress, now: Date): Promise<boolean> {
  return transaction(
    db,
    (isTold) => (isTold ? 'tell-account-down' : null),
    async (tx) => {
      const { id, unitId, name, platform } = account
      const current = await tx
        .selectFrom('accounts')
        .select(['state', 'stateReason'])
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirstOrThrow()
      const before = await tx
        .selectFrom('accountNews')
        .select('toldState')
        .where('accountId', '=', id)
        .executeTakeFirst()
      const { state, stateReason } = current
      if (!isNews({ state, toldState: before?.toldState ?? null })) return false
      const isDown = down.has(state)
      const text = isDown
        ? officialNews.down(platform, name, state, stateReason)
        : officialNews.restored(platform, name)
      if (!(await tellUnit(tx, unitId, text, chatAddress, now, isDown ? { notBy: id } : {}))) return false
      if (isDown) {
        await tx.insertInto('accountNews').values({ accountId: id, toldState: state, toldAt: now }).execute()
      } else await tx.deleteFrom('accountNews').where('accountId', '=', id).execute()
      return true
    },
  )
}
