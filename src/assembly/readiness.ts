import type { Queues } from '../../queues/open.ts'
import { standingConsents } from '../accounts/consent.ts'
import { closedGroups } from '../accounts/group-list.ts'
import { standingOf } from '../channels/standing.ts'
import { watchedPages } from '../channels/store.ts'
import { unreadLately } from '../channels/unread-frames.ts'
import type { Db } from '../db/client.ts'
import { diskSpace } from '../db/disk-space.ts'
import type { Readiness } from '../http/health.ts'
import type { Clock } from '../lib/clock.ts'
import { errorCode } from '../lib/errors.ts'
import { heldRows } from '../outbox/held.ts'
import { publishingState } from '../outbox/switch.ts'
import { zaloStanding } from './zalo-standing.ts'

/** Looks at every part that receiving and sending need. A channel that is off is named; only our own parts decide. */
export async function readiness(db: Db, queues: Queues, dataDir: string, clock: Clock): Promise<Readiness> {
  const parts: Record<string, string> = {
    database: await say(async () => {
      await db.selectFrom('installation').select('kind').execute()
    }),
    queues: await say(async () => {
      await queues.counts()
    }),
  }
  const isReady = Object.values(parts).every((part) => part === 'ok')
  if (isReady) Object.assign(parts, await observations(db, clock()))
  const disk = await diskSpace(dataDir).catch(() => null)
  if (disk !== null) parts.disk = disk.level
  return { isReady, parts }
}

async function observations(db: Db, now: Date): Promise<Record<string, string>> {
  const { isOn } = await publishingState(db)
  const held = await heldRows(db)
  const amountOf = (amounts: readonly number[]): string => String(amounts.reduce((sum, amount) => sum + amount, 0))
  const accounts = await db
    .selectFrom('accounts')
    .select(['id', 'platform', 'externalId', 'state', 'stateReason'])
    .execute()
  const standings = new Map((await watchedPages(db)).map((page) => [page.externalId, standingOf(page)]))
  const { unrouted } = await db
    .selectFrom('cases')
    .select((select) => select.fn.countAll<string>().as('unrouted'))
    .where('status', '=', 'received')
    .executeTakeFirstOrThrow()
  const parts: Record<string, string> = {
    publishing: isOn ? 'ok' : 'stopped',
    unroutedCases: unrouted,
    heldMessages: amountOf(held.map(({ amount }) => amount)),
    // Of these: those that nobody could be asked to approve.
    withoutApprover: amountOf(held.map(({ unasked }) => unasked)),
  }
  const [consents, unread] = [await standingConsents(db), await unreadLately(db, now)]
  for (const { id, platform, externalId, state, stateReason } of accounts) {
    if (platform === 'zalo')
      parts[`zalo ${externalId}`] = zaloStanding(
        { externalId, state, reason: stateReason },
        { consent: consents.get(id), unread: unread.get(id) },
      )
    else if (platform === 'zalo_bot')
      parts[`${platform} ${externalId}`] = state === 'connected' ? 'ok' : `${state}: ${stateReason ?? ''}`
    else if (platform === 'zalo_oa')
      parts[`zalo_oa ${externalId}`] = state === 'stopped' ? `stopped: ${stateReason ?? ''}` : 'ok'
    else parts[`facebook ${externalId}`] = standings.get(externalId) ?? state
  }
  // Open groups are the rule, and a province has thousands.
  for (const { platform, group, standing, standingSince } of await closedGroups(db)) {
    const since = standingSince === null ? '' : ` since ${standingSince.toISOString()}`
    parts[`${platform} group ${group}`] = `${standing}${since}`
  }
  return parts
}

async function say(check: () => Promise<void>): Promise<string> {
  try {
    await check()
    return 'ok'
  } catch (error) {
    return errorCode(error)
  }
}
