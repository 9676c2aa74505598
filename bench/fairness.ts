import { openDb } from '../src/db/client.ts'
import { migrate, migrationsFolder } from '../src/db/migrate.ts'
import { AccountId } from '../src/lib/ids.ts'
import type { Publisher } from '../src/outbox/publisher.ts'
import { type SendContext, sendNext } from '../src/outbox/send.ts'
import type { Bench } from './measure/bench.ts'
import { figure } from './measure/report.ts'
import { median, pairedRatio } from './measure/statistics.ts'
import { durableNote, newDataDir, type OpenStore, openStore } from './measure/store.ts'

const ACCOUNTS = 150
const FLOOD = 20_000
const EACH = 10
/** As many sends at the same time as the product's worker allows itself. */
const AT_ONCE = 8
const OTHERS = (ACCOUNTS - 1) * EACH

/** How long 149 accounts wait for their messages while one has 20,000 before them, against the same without that one. */
export const fairness: Bench = {
  name: 'fairness',
  run: async (room) => {
    const store = await openStore(room, await newDataDir(room))
    await migrate(store.pool, { folder: migrationsFolder })
    const flooded = await addAccounts(store)
    const rounds = room.quick ? 1 : 3
    const alone: number[] = []
    const beside: number[] = []
    const first: number[] = []
    for (let round = 1; round <= rounds; round += 1) {
      alone.push((await serve(store, flooded, 0)).allMs)
      const { allMs, eachMs } = await serve(store, flooded, FLOOD)
      beside.push(allMs)
      first.push(eachMs)
      room.say(
        `round ${round} of ${rounds}: alone ${alone.at(-1)?.toFixed(0)} ms, beside the flood ${allMs.toFixed(0)} ms`,
      )
    }
    return {
      figures: [
        figure(
          'ratio',
          'the others’ time beside the flood, in times of their time alone',
          pairedRatio(beside, alone).median,
        ),
        figure('aloneMs', `${OTHERS} messages of ${ACCOUNTS - 1} accounts, nobody else`, median(alone), 'ms'),
        figure('besideMs', `the same beside an account with ${FLOOD}`, median(beside), 'ms'),
        figure('firstServedMs', 'every account was served once after', median(first), 'ms'),
      ],
      notes: [
        durableNote,
        `claimed and settled ${AT_ONCE} at once, a platform that answers at once, no pause between sends`,
      ],
    }
  },
}

/** Sends until every message of the others is out; how long that took, and until each of them had had a first turn. */
async function serve(store: OpenStore, flooded: string, flood: number): Promise<{ allMs: number; eachMs: number }> {
  await fill(store, flooded, flood)
  const context: SendContext = {
    db: openDb(store.pool),
    clock: () => new Date(),
    random: Math.random,
    publisherOf: async () => publisher,
    onTrouble: async () => {},
  }
  const served = new Set<string>()
  let left = OTHERS
  let eachMs = 0
  const began = performance.now()
  const loop = async (): Promise<void> => {
    while (left > 0) {
      const report = await sendNext(context, 'facebook', pacing)
      if (report === null || report.accountId === flooded) continue // null: the others hold whatever is due
      if (report.state !== 'sent') throw new Error(`a message ended as ${report.state}`)
      left -= 1
      served.add(report.accountId)
      if (served.size === ACCOUNTS - 1 && eachMs === 0) eachMs = performance.now() - began
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, loop))
  return { allMs: performance.now() - began, eachMs }
}

const publisher: Publisher = {
  capabilities: { readBack: true, quote: false, maxTextChars: 8_000 },
  send: async () => ({ messageId: null }),
  findOwn: async () => ({ found: 'unknowable' }),
}

const pacing = {
  gapMs: 0,
  jitterMs: 0,
  perDay: 1_000_000_000,
  leaseMs: 60_000,
  retryMs: 5_000,
  settleMs: 10_000,
  maxAttempts: 8,
}

/** Accounts that can send; returns the one that will be flooded. */
async function addAccounts({ pool }: OpenStore): Promise<string> {
  await pool.query(`
    with unit as (
      insert into units (id, code, name, kind, signature, valid_from)
      values (gen_random_uuid(), 'xa-cat-ngan', 'Xã Cát Ngạn', 'commune', 'Ủy ban MTTQ Việt Nam xã Cát Ngạn', '2025-07-01')
      returning id
    ), added as (
      insert into accounts (id, platform, external_id, unit_id, name, secret, state, state_changed_at, created_at)
      select gen_random_uuid(), 'facebook', 'page-' || n, unit.id, 'Page ' || n, '', 'connected', now(), now()
      from unit, generate_series(1, ${ACCOUNTS}) n
      returning id, platform
    )
    insert into account_lanes (account_id, platform) select id, platform from added`)
  const { rows } = await pool.query<{ id: string }>(`select id from accounts order by id limit 1`)
  return AccountId.parse(rows[0]?.id)
}

/** The outbox as it stands when the round begins: the flood came first. */
async function fill({ pool }: OpenStore, flooded: string, flood: number): Promise<void> {
  await pool.query('truncate outbox')
  await pool.query(
    `update account_lanes set busy_until = '-infinity', next_send_at = '-infinity', last_served = '-infinity'`,
  )
  await pool.query(
    `insert into outbox (id, account_id, unit_id, origin_id, kind, audience, address, address_key, place_kind, place_id,
       text, lane, due_at, created_at, changed_at)
     select gen_random_uuid(), a.id, a.unit_id, gen_random_uuid(), 'notice', 'officer', '{}', '{}', 'direct', '1',
       'Có câu hỏi mới.', 2, now() - interval '1 minute' + n * interval '1 millisecond', now(), now()
     from accounts a, generate_series(1, case when a.id = $1 then $2::int else $3::int end) n`,
    [flooded, flood, EACH],
  )
  await pool.query('analyze outbox, account_lanes')
}
