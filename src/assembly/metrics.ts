import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Queues } from '../../queues/open.ts'
import { countGaps } from '../accounts/coverage.ts'
import { listAccounts } from '../accounts/store.ts'
import { watchedPages } from '../channels/store.ts'
import { unreadLately } from '../channels/unread-frames.ts'
import type { Db } from '../db/client.ts'
import type { Clock } from '../lib/clock.ts'

/** What /metrics shows: the process, and counts of rows by state read at the moment of asking. */
export function createMetrics(db: Db, queues: Queues, clock: Clock): () => Promise<{ type: string; body: string }> {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const gauge = (name: string, help: string, labelNames: string[]): Gauge =>
    new Gauge({ name, help, labelNames, registers: [registry] })
  const deliveries = gauge('danhoi_deliveries', 'Kept deliveries by state', ['platform', 'state'])
  const cases = gauge('danhoi_cases', 'Cases by status', ['status', 'confidentiality'])
  const outbox = gauge('danhoi_outbox', 'Intended messages by state', ['platform', 'audience', 'state'])
  const counted = gauge('danhoi_counted', 'Things counted without being kept', ['name', 'reason'])
  const jobs = gauge('danhoi_jobs', 'Jobs by queue and state', ['queue', 'state'])
  const accounts = gauge('danhoi_account_connected', '1 while the account is connected', ['platform', 'account'])

  const age = gauge('danhoi_account_last_event_age_seconds', 'Since something last came by itself', [
    'platform',
    'account',
  ])
  const silent = gauge('danhoi_page_silent', '1 while the Page is silent for longer than is usual for it', ['page'])
  const missed = gauge('danhoi_page_missed_total', 'Comments that no webhook told of, taken in as history', ['page'])
  const repairs = gauge('danhoi_page_subscription_repairs_total', 'Times the Page was subscribed again', ['page'])

  const groups = gauge('danhoi_groups', 'Declared groups by how our account stands in them', ['platform', 'standing'])
  const gaps = gauge('danhoi_account_gaps', 'Periods in which an account heard nothing, by what became of them', [
    'account',
    'became',
  ])
  const unread = gauge('danhoi_account_unread_frames', '1 while an account got what it cannot read, within a day', [
    'account',
  ])

  return async () => {
    for (const metric of [
      deliveries,
      cases,
      outbox,
      counted,
      jobs,
      accounts,
      age,
      silent,
      missed,
      repairs,
      gaps,
      unread,
      groups,
    ])
      metric.reset()
    const amount = db.fn.countAll<string>().as('amount')
    for (const row of await db
      .selectFrom('deliveries')
      .select(['platform', 'state', amount])
      .groupBy(['platform', 'state'])
      .execute()) {
      deliveries.set({ platform: row.platform, state: row.state }, Number(row.amount))
    }
    for (const row of await db
      .selectFrom('cases')
      .select(['status', 'confidentiality', amount])
      .groupBy(['status', 'confidentiality'])
      .execute()) {
      cases.set({ status: row.status, confidentiality: row.confidentiality }, Number(row.amount))
    }
    const sent = db
      .selectFrom('outbox')
      .innerJoin('accounts', 'accounts.id', 'outbox.accountId')
      .select(['accounts.platform', 'outbox.audience', 'outbox.state', amount])
      .groupBy(['accounts.platform', 'outbox.audience', 'outbox.state'])
    for (const row of await sent.execute()) {
      outbox.set({ platform: row.platform, audience: row.audience, state: row.state }, Number(row.amount))
    }
    const counters = db
      .selectFrom('counters')
      .select(['name', 'reason', db.fn.sum<string>('amount').as('amount')])
      .groupBy(['name', 'reason'])
    for (const row of await counters.execute()) counted.set({ name: row.name, reason: row.reason }, Number(row.amount))
    for (const [queue, states] of Object.entries(await queues.counts())) {
      for (const [state, count] of Object.entries(states)) jobs.set({ queue, state }, count)
    }
    const known = db.selectFrom('accounts').select(['platform', 'externalId', 'state', 'lastEventAt'])
    for (const { platform, externalId: account, state, lastEventAt } of await known.execute()) {
      accounts.set({ platform, account }, state === 'connected' ? 1 : 0)
      if (lastEventAt !== null) age.set({ platform, account }, (clock().getTime() - lastEventAt.getTime()) / 1000)
    }
    const standings = db
      .selectFrom('groups')
      .innerJoin('accounts', 'accounts.id', 'groups.accountId')
      .select(['accounts.platform', 'groups.standing', amount])
      .groupBy(['accounts.platform', 'groups.standing'])
    for (const { platform, standing, amount } of await standings.execute()) {
      groups.set({ platform, standing }, Number(amount))
    }
    for (const { account, became, count } of await countGaps(db)) gaps.set({ account, became }, count)
    const lately = await unreadLately(db, clock())
    for (const { id, externalId } of await listAccounts(db, 'zalo'))
      unread.set({ account: externalId }, lately.has(id) ? 1 : 0)
    for (const page of await watchedPages(db)) {
      const labels = { page: page.externalId }
      silent.set(labels, page.silentSince === null ? 0 : 1)
      missed.set(labels, Number(page.missedInAll))
      repairs.set(labels, page.repairs)
    }
    return { type: registry.contentType, body: await registry.metrics() }
  }
}
