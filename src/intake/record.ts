import { type Insertable, sql } from 'kysely'
import { saveGroupHappened } from '../accounts/group-standing.ts'
import { type Account, findAccount } from '../accounts/store.ts'
import { type Db, type Tx, transaction } from '../db/client.ts'
import type { Events } from '../db/schema.generated.ts'
import { errorCode } from '../lib/errors.ts'
import type { AccountId, DeliveryId, EventId } from '../lib/ids.ts'
import { storable } from '../lib/text.ts'
import { count, tally } from './counters.ts'
import type { GroupNews, NormalisedWithNews } from './event.ts'
import { eventRow, plausible } from './event-row.ts'
import { HeardAccounts } from './heard.ts'

/** A delivery as it is handed to its platform's `normalise`. */
interface KeptDelivery {
  readonly id: DeliveryId
  readonly platform: string
  readonly accountExternalId: string | null
  readonly lane: number
  readonly receivedAt: Date
  readonly body: Buffer
}

export type Normalise = (delivery: KeptDelivery) => NormalisedWithNews

/** A recorded event that nobody has looked at yet. */
export interface NewEvent {
  readonly id: EventId
  readonly accountId: AccountId
  readonly lane: number
}

const BATCH = 50
/** No further delivery is begun after so many bytes: whoever arrives meanwhile waits for this transaction. */
const ENOUGH_BYTES = 300_000
const ROWS_PER_INSERT = 500
const MAX_ATTEMPTS = 5

/**
 * Reads events out of the next waiting deliveries, in one transaction. Returns the events that were not known before,
 * and whether there may be more deliveries. A delivery that cannot be read is set aside; its neighbours go on.
 */
export async function recordNext(
  db: Db,
  normalise: Normalise,
  now: Date,
): Promise<{ events: NewEvent[]; hasGroupNews: boolean; more: boolean }> {
  const { events, hasGroupNews, more } = await transaction(
    db,
    (done: Recorded) => (done.isNothing ? null : 'record-events'),
    (tx) => recordBatch(tx, normalise, now),
  )
  return { events, hasGroupNews, more }
}

interface Recorded {
  readonly events: NewEvent[]
  readonly hasGroupNews: boolean
  readonly isNothing: boolean
  readonly more: boolean
}

async function recordBatch(tx: Tx, normalise: Normalise, now: Date): Promise<Recorded> {
  const { rows: deliveries } = await sql<KeptDelivery & { locked: number }>`
    with waiting as (
      select id, lane, received_at, octet_length(body) as bytes from deliveries
      where state = 'received' order by lane, received_at limit ${BATCH} for update skip locked
    ), summed as (
      select id, sum(bytes) over (order by lane, received_at, id) - bytes as before, (count(*) over ())::int as locked
      from waiting
    )
    select d.id, d.platform, d.account_external_id as "accountExternalId", d.lane, d.received_at as "receivedAt", d.body, s.locked
    from summed s join deliveries d on d.id = s.id
    where s.before < ${ENOUGH_BYTES} order by d.lane, d.received_at, d.id`.execute(tx)
  const events: NewEvent[] = []
  const heard = new HeardAccounts()
  const batch: Batch = { normalise, heard, accounts: new Map(), now, hasGroupNews: false }
  for (const delivery of deliveries) events.push(...(await recordDelivery(tx, delivery, batch)))
  await heard.save(tx)
  const locked = deliveries[0]?.locked ?? 0
  const more = locked > deliveries.length || locked === BATCH
  return { events, hasGroupNews: batch.hasGroupNews, isNothing: locked === 0, more }
}

/** What the deliveries of one transaction share. */
interface Batch {
  readonly normalise: Normalise
  readonly heard: HeardAccounts
  /** By platform and external id; a thousand changes of one Page look it up once. */
  readonly accounts: Map<string, Account | null>
  readonly now: Date
  /** Something has happened to a group of ours. */
  hasGroupNews: boolean
}

async function recordDelivery(tx: Tx, delivery: KeptDelivery, batch: Batch): Promise<NewEvent[]> {
  let items: NormalisedWithNews
  try {
    items = batch.normalise(delivery)
  } catch (error) {
    await setAside(tx, delivery.id, errorCode(error))
    return []
  }
  await sql`savepoint delivery`.execute(tx)
  try {
    const recorded = await recordItems(tx, delivery, items, batch)
    await sql`release savepoint delivery`.execute(tx)
    return recorded
  } catch (error) {
    if (!isRefusal(error)) throw error
    await sql`rollback to savepoint delivery`.execute(tx)
    await setAside(tx, delivery.id, errorCode(error))
    return []
  }
}

/** The database will not have these values, now or later (classes 22 and 23); any other error may pass. */
function isRefusal(error: unknown): boolean {
  return /^2[23][0-9A-Z]{3}$/.test(errorCode(error))
}

async function recordItems(
  tx: Tx,
  delivery: KeptDelivery,
  items: NormalisedWithNews,
  batch: Batch,
): Promise<NewEvent[]> {
  const { heard, now } = batch
  const recorded: NewEvent[] = []
  const ignored: string[] = []
  const rows: Insertable<Events>[] = []
  for (const item of items) {
    if (item.kind === 'ignored') ignored.push(item.reason)
    else if (item.kind === 'group_news') await saveNews(tx, delivery, item, batch)
    else {
      const account = await accountOf(tx, delivery.platform, item.accountExternalId, batch)
      if (account === null) ignored.push('unknown_account')
      else {
        rows.push(eventRow(item, delivery, account, now))
        heard.add(account.id, delivery)
      }
    }
  }
  for (let from = 0; from < rows.length; from += ROWS_PER_INSERT) {
    const inserted = await tx
      .insertInto('events')
      .values(rows.slice(from, from + ROWS_PER_INSERT))
      .onConflict((conflict) => conflict.columns(['accountId', 'dedupeKey']).doNothing())
      .returning(['id', 'accountId', 'lane'])
      .execute()
    recorded.push(...inserted)
  }
  await count(tx, `ignored_${delivery.platform}`, tally(ignored), now)
  await tx
    .updateTable('deliveries')
    .set({ state: 'normalised', normalisedAt: now })
    .where('id', '=', delivery.id)
    .execute()
  return recorded
}

/** Nobody wrote anything: it makes no event, and is over with this transaction. */
async function saveNews(tx: Tx, delivery: KeptDelivery, news: GroupNews, batch: Batch): Promise<void> {
  const account = await accountOf(tx, delivery.platform, news.accountExternalId, batch)
  if (account === null) return
  const at = plausible(news.occurredAt, batch.now)
  const group = { accountId: account.id, externalId: storable(news.groupId) }
  if ((await saveGroupHappened(tx, group, news, at, batch.now)) !== null) batch.hasGroupNews = true
}

async function accountOf(tx: Tx, platform: string, externalId: string, { accounts }: Batch): Promise<Account | null> {
  const key = `${platform} ${externalId}`
  const known = accounts.get(key)
  if (known !== undefined) return known
  const found = await findAccount(tx, platform, externalId)
  accounts.set(key, found)
  return found
}

async function setAside(tx: Tx, id: DeliveryId, code: string): Promise<void> {
  await tx
    .updateTable('deliveries')
    .set((set) => ({
      attempts: set('attempts', '+', 1),
      errorCode: code,
      state: set
        .case()
        .when('attempts', '>=', MAX_ATTEMPTS - 1)
        .then('failed')
        .else('received')
        .end(),
    }))
    .where('id', '=', id)
    .execute()
}
