import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Queues } from '../../queues/open.ts'
import type { Db } from '../db/client.ts'

/** What /metrics shows: the process, and counts of rows by state read at the moment of asking. */
export function createMetrics(db: Db, queues: Queues): () => Promise<{ type: string; body: string }> {
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

  return async () => {
    for (const metric of [deliveries, cases, outbox, counted, jobs, accounts]) metric.reset()
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
    for (const row of await db.selectFrom('accounts').select(['platform', 'externalId', 'state']).execute()) {
      accounts.set({ platform: row.platform, account: row.externalId }, row.state === 'connected' ? 1 : 0)
    }
    return { type: registry.contentType, body: await registry.metrics() }
  }
}
