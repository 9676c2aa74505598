import { randomUUID } from 'node:crypto'
import type { Listener, ListenerSink } from '../../bots/listener.ts'
import { pollUpdates } from '../../bots/zalo-bot/poller.ts'
import type { Pacing } from '../../config/pacing.ts'
import { holdListener, releaseListener } from '../accounts/lease.ts'
import { type Account, listAccounts, saveState } from '../accounts/store.ts'
import type { Db } from '../db/client.ts'
import type { DeliveryKeeper } from '../intake/keep.ts'
import type { Clock } from '../lib/clock.ts'
import { errorCode } from '../lib/errors.ts'
import type { AccountId } from '../lib/ids.ts'
import type { Log } from '../lib/log.ts'
import { resumeLane } from '../outbox/lane.ts'
import type { ZaloBots } from './zalo-bots.ts'

interface PollersRoom {
  readonly db: Db
  readonly clock: Clock
  readonly random: () => number
  readonly log: Log
  readonly keeper: DeliveryKeeper
  readonly zaloBots: Pick<ZaloBots, 'pollingAccess'>
  readonly pacing: Pick<Pacing, 'botWaits' | 'listenerLeaseMs' | 'listenerTickMs'>
  /** Something changed that lets waiting messages be sent. */
  readonly onReady: () => void
}

/** Fetches the updates of each bot without a webhook whose lease this process holds: two would share them out. */
export class BotPollers {
  readonly #room: PollersRoom
  readonly #owner = `poller-${process.pid}-${randomUUID()}`
  readonly #open = new Map<AccountId, { listener: Listener; loginNumber: number }>()
  #timer: NodeJS.Timeout | null = null
  #ticking: Promise<void> = Promise.resolve()
  #isStopping = false

  constructor(room: PollersRoom) {
    this.#room = room
  }

  async start(): Promise<void> {
    await this.#tick()
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.#ticking
    const { db, clock } = this.#room
    for (const id of [...this.#open.keys()]) {
      await this.#drop(id)
      await releaseListener(db, id, this.#owner, clock())
    }
  }

  #tick(): Promise<void> {
    this.#ticking = this.#look()
      .catch((error: unknown) => this.#room.log.warn({ err: error }, 'bots could not be looked after'))
      .finally(() => {
        if (!this.#isStopping) this.#timer = setTimeout(() => void this.#tick(), this.#room.pacing.listenerTickMs)
      })
    return this.#ticking
  }

  async #look(): Promise<void> {
    const { db, clock, pacing } = this.#room
    for (const account of await listAccounts(db, 'zalo_bot')) {
      const open = this.#open.get(account.id)
      const fence = await holdListener(db, account.id, this.#owner, clock(), pacing.listenerLeaseMs)
      if (open !== undefined && (fence === null || open.loginNumber !== account.loginNumber)) {
        await this.#drop(account.id)
      }
      if (fence !== null && !this.#open.has(account.id)) await this.#begin(account)
    }
  }

  async #begin(account: Account): Promise<void> {
    const { db, clock, random, zaloBots, pacing } = this.#room
    const log = this.#room.log.child({ accountId: account.id })
    try {
      const access = await zaloBots.pollingAccess(account)
      if (access === null) return
      const { externalId: botId, loginNumber } = account
      const listener = pollUpdates({
        access,
        botId,
        sink: this.#sink(account, log),
        waits: pacing.botWaits,
        random,
        log,
      })
      this.#open.set(account.id, { listener, loginNumber })
    } catch (error) {
      log.error({ err: error }, 'the kept token of this bot cannot be used')
      await saveState(db, account.id, 'suspended', errorCode(error), clock())
    }
  }

  #sink({ id }: Account, log: Log): ListenerSink {
    const { db, clock, keeper, onReady } = this.#room
    return {
      keep: (delivery, lane) => keeper.keep({ platform: 'zalo_bot', lane, ...delivery }),
      changed: async (state, reason) => {
        await saveState(db, id, state, reason, clock())
        const level = state === 'connected' ? 'info' : state === 'reconnecting' ? 'warn' : 'error'
        log[level]({ state, reason }, 'Zalo bot connection changed')
        if (state !== 'connected') return
        await resumeLane(db, id, clock())
        onReady()
      },
      hears: async () => {}, // each update waits at the platform until it is fetched
      strangeFrame: () => {},
      saveSession: async () => {}, // a token does not change by itself
      caughtUp: async () => {}, // there is no history
    }
  }

  async #drop(id: AccountId): Promise<void> {
    const open = this.#open.get(id)
    this.#open.delete(id)
    await open?.listener.stop()
  }
}
