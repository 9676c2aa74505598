import type { Bot } from '../../bots/bot.ts'
import type { Db } from '../../src/db/client.ts'
import type { ShownLimits } from '../../src/dispatch/attachments.ts'
import type { Fetched } from '../../src/files/fetch.ts'
import type { Platform } from '../../src/intake/event.ts'
import type { Lookup } from '../../src/intake/lookup.ts'
import type { Clock } from '../../src/lib/clock.ts'
import type { AccountId } from '../../src/lib/ids.ts'
import type { Publisher } from '../../src/outbox/publisher.ts'
import type { SendPacing } from '../../src/outbox/send.ts'
import type { AskMeans } from '../../src/replies/approval.ts'
import type { Enqueue, EnqueueMany } from '../enqueue.ts'
import type { Wake } from '../wake.ts'

/** What every worker has at hand. */
export interface Workshop {
  readonly db: Db
  readonly clock: Clock
  readonly random: () => number
  readonly bots: ReadonlyMap<string, Bot>
  /** The accounts of the platform that can send from this process at the moment; null: all of them. */
  readonly able: (platform: Platform) => readonly AccountId[] | null
  /** Null: the account cannot send from this process after all. */
  readonly publisherOf: (accountId: AccountId) => Promise<Publisher | null>
  /** Null: the account's platform cannot be asked. */
  readonly lookupOf: (accountId: AccountId) => Promise<Lookup | null>
  readonly fetchFile: (url: string, domains: readonly string[], stop: AbortSignal) => Promise<Fetched>
  readonly enqueue: Enqueue
  readonly enqueueMany: EnqueueMany
  readonly wake: Wake
  readonly pacing: WorkPacing
  readonly limits: { readonly filesPerMessage: number; readonly shown: ShownLimits }
}

export interface WorkPacing {
  readonly send: Readonly<Record<Platform, SendPacing>>
  readonly sendingGraceMs: number
  readonly settleMs: number
  readonly lookAgainMs: number
  readonly maxLooks: number
  readonly giveUpAfterMs: number
  readonly forgottenAfterMs: number
  readonly lookup: { readonly tries: number; readonly retryMs: number }
  readonly fetch: { readonly tries: number; readonly retryMs: number }
}

export function botOf(workshop: Pick<Workshop, 'bots'>, platform: string): Bot {
  const bot = workshop.bots.get(platform)
  if (bot === undefined) throw new RangeError(`no bot for the platform ${platform}`)
  return bot
}

/** How those are reached who have to agree to something. */
export function askMeans(workshop: Pick<Workshop, 'bots'>): AskMeans {
  return {
    chatAddress: (platform, place) => botOf(workshop, platform).chatAddress(place),
    tellsQuotes: (platform) => botOf(workshop, platform).tellsQuotes,
  }
}

/** Rows may be due on any platform. A failed wake is found by the sweep. */
export function wakeSenders(workshop: Workshop): void {
  void workshop.wake('send-facebook').catch(() => {})
  void workshop.wake('send-zalo').catch(() => {})
  void workshop.wake('send-zalo-bot').catch(() => {})
  void workshop.wake('send-zalo-oa').catch(() => {})
}
