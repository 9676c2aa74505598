import { randomUUID } from 'node:crypto'
import type { Listener, ListenerSink } from '../../bots/listener.ts'
import type { Pacing } from '../../config/pacing.ts'
import { holdListener, releaseListener } from '../accounts/lease.ts'
import {
  type Account,
  catchUpWanted,
  listAccounts,
  openSecret,
  saveCaughtUp,
  saveRefreshed,
  saveState,
} from '../accounts/store.ts'
import { saveConnection } from '../channels/account-down.ts'
import { type Db, transaction } from '../db/client.ts'
import type { DeliveryKeeper } from '../intake/keep.ts'
import type { Clock } from '../lib/clock.ts'
import { errorCode } from '../lib/errors.ts'
import type { AccountId } from '../lib/ids.ts'
import type { Log } from '../lib/log.ts'
import type { KeyRing } from '../lib/secrets.ts'
import { resumeLane } from '../outbox/lane.ts'
import type { OpenPicture, Publisher } from '../outbox/publisher.ts'
import { chatAddress } from './bots.ts'
import { lookAtGroups } from './group-look.ts'

export interface ListenerRoom {
  readonly db: Db
  readonly keyRing: KeyRing
  readonly clock: Clock
  readonly random: () => number
  readonly log: Log
  readonly keeper: DeliveryKeeper
  readonly simUrl: string | null
  readonly openPicture: OpenPicture
  readonly pacing: Pacing
  /** Something changed that lets waiting messages be sent. */
  readonly onReady: () => void
  /** Officers are to be told something by another account. */
  readonly onTold: () => void
}

interface OpenAccount {
  readonly listener: Listener
  readonly publisher: Publisher
  readonly readGroups: Parameters<typeof lookAtGroups>[2]
  /** Which login its session comes from. */
  readonly loginNumber: number
  isConnected: boolean
  lastCatchUpAsked: Date | null
  /** Asking how its groups stand; nothing else waits for that. */
  looking: Promise<void> | null
}

/**
 * Keeps one connection open to each Zalo account whose lease this process holds. Accounts that are added, taken over or
 * lost are noticed at the next tick.
 */
export class Listeners {
  readonly #room: ListenerRoom
  readonly #owner = `listener-${process.pid}-${randomUUID()}`
  readonly #open = new Map<AccountId, OpenAccount>()
  #timer: NodeJS.Timeout | null = null
  #ticking: Promise<void> = Promise.resolve()
  #isStopping = false

  constructor(room: ListenerRoom) {
    this.#room = room
  }

  async start(): Promise<void> {
    await this.#tick()
  }

  /** The accounts whose connection is up. */
  connected(): AccountId[] {
    return [...this.#open].flatMap(([id, { isConnected }]) => (isConnected ? [id] : []))
  }

  /** The account's publisher while its connection is up. */
  publisherOf(id: AccountId): Publisher | null {
    const account = this.#open.get(id)
    return account?.isConnected === true ? account.publisher : null
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.#ticking
    for (const id of [...this.#open.keys()]) await this.#close(id)
  }

  #tick(): Promise<void> {
    this.#ticking = this.#look()
      .catch((error: unknown) => this.#room.log.warn({ err: error }, 'listeners could not be looked after'))
      .finally(() => {
        if (!this.#isStopping) this.#timer = setTimeout(() => void this.#tick(), this.#room.pacing.listenerTickMs)
      })
    return this.#ticking
  }

  async #look(): Promise<void> {
    const { db, clock, pacing } = this.#room
    for (const account of await listAccounts(db, 'zalo')) {
      const fence = await holdListener(db, account.id, this.#owner, clock(), pacing.listenerLeaseMs)
      if (this.#open.get(account.id)?.loginNumber !== account.loginNumber) await this.#drop(account.id)
      const open = this.#open.get(account.id)
      if (account.loginNumber === 0) continue // nobody has logged it in yet
      if (fence === null && open !== undefined) await this.#drop(account.id)
      if (fence !== null && open === undefined) await this.#start(account)
      if (fence !== null && open !== undefined) {
        await this.#catchUpIfWanted(account.id, open)
        this.#lookAtGroups(account.id, open)
      }
    }
  }

  async #start(account: Account): Promise<void> {
    const { db, keyRing, clock, random, simUrl, openPicture, pacing } = this.#room
    const log = this.#room.log.child({ accountId: account.id })
    const { openZaloAccount } = await import('../../bots/zalo/account.ts')
    try {
      const session = await openSecret(db, keyRing, account.id)
      const sink = this.#sink(account, log)
      const waits = pacing.zaloWaits
      const opened = await openZaloAccount({ session, sink, simUrl, openPicture, clock, waits, random, log })
      this.#open.set(account.id, {
        ...opened,
        loginNumber: account.loginNumber,
        isConnected: false,
        lastCatchUpAsked: null,
        looking: null,
      })
    } catch (error) {
      log.error({ err: error }, 'the saved session of this account cannot be used')
      await saveState(db, account.id, 'needs_qr', errorCode(error), clock())
    }
  }

  #sink(account: Account, log: Log): ListenerSink {
    const { db, keyRing, clock, keeper, onReady, onTold } = this.#room
    return {
      keep: (delivery, lane) => keeper.keep({ platform: 'zalo', lane, ...delivery }),
      changed: async (state, reason) => {
        const open = this.#open.get(account.id)
        if (open !== undefined) open.isConnected = state === 'connected'
        if (await saveConnection(db, account, { state, reason }, chatAddress, clock())) onTold()
        const level = state === 'connected' ? 'info' : state === 'reconnecting' ? 'warn' : 'error'
        log[level]({ state, reason }, 'Zalo connection changed')
        if (state !== 'connected') return
        await resumeLane(db, account.id, clock())
        onReady()
      },
      saveSession: (session) => transaction(db, 'save-session', (tx) => saveRefreshed(tx, keyRing, account, session)),
      caughtUp: async (requestedAt) => {
        await saveCaughtUp(db, account.id, requestedAt)
        onReady()
      },
    }
  }

  async #catchUpIfWanted(id: AccountId, open: OpenAccount): Promise<void> {
    const wanted = await catchUpWanted(this.#room.db, id)
    if (wanted === null || (open.lastCatchUpAsked !== null && open.lastCatchUpAsked >= wanted)) return
    open.lastCatchUpAsked = wanted
    open.listener.requestBackfill()
  }

  #lookAtGroups(id: AccountId, open: OpenAccount): void {
    if (!open.isConnected || open.looking !== null) return
    const { db, clock, log, pacing, onReady, onTold } = this.#room
    const room = { db, clock, log: log.child({ accountId: id }), chatAddress, pacing }
    open.looking = lookAtGroups(room, id, open.readGroups)
      .then((hasNews) => {
        if (!hasNews) return
        onTold()
        onReady()
      })
      .catch((error: unknown) => log.warn({ err: error }, 'groups could not be looked at'))
      .finally(() => {
        open.looking = null
      })
  }

  async #close(id: AccountId): Promise<void> {
    await this.#drop(id)
    await releaseListener(this.#room.db, id, this.#owner, this.#room.clock())
  }

  async #drop(id: AccountId): Promise<void> {
    const open = this.#open.get(id)
    this.#open.delete(id)
    await open?.listener.stop()
    await open?.looking
  }
}
