import { randomUUID } from 'node:crypto'
import type { Pacing } from '../../config/pacing.ts'
import { standingConsents } from '../accounts/consent.ts'
import { holdListener, releaseListener } from '../accounts/lease.ts'
import { type Account, catchUpWanted, listAccounts, openSecret } from '../accounts/store.ts'
import { type AccountNewsRoom, saveConnection, tellDueNews } from '../channels/account-down.ts'
import type { Db } from '../db/client.ts'
import type { DeliveryKeeper } from '../intake/keep.ts'
import type { Clock } from '../lib/clock.ts'
import { errorCode } from '../lib/errors.ts'
import type { AccountId } from '../lib/ids.ts'
import type { Log } from '../lib/log.ts'
import type { KeyRing } from '../lib/secrets.ts'
import type { OpenPicture, Publisher } from '../outbox/publisher.ts'
import { chatAddress } from './bots.ts'
import { lookAtGroups } from './group-look.ts'
import { type OpenAccount, zaloSink } from './zalo-sink.ts'

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
  /** Counts what is not kept. */
  readonly count: (name: string, reason: string) => void
  /** Something changed that lets waiting messages be sent. */
  readonly onReady: () => void
  /** Officers are to be told something by another account. */
  readonly onTold: () => void
}

/**
 * Keeps one connection open to each Zalo account whose lease this process holds. Accounts that are added, taken over or
 * lost are noticed at the next tick.
 */
export class Listeners {
  readonly #room: ListenerRoom
  readonly #news: AccountNewsRoom
  readonly #owner = `listener-${process.pid}-${randomUUID()}`
  readonly #open = new Map<AccountId, OpenAccount>()
  /** Those that are kept shut because nobody has agreed to using them; that is written down once. */
  readonly #withheld = new Set<AccountId>()
  #timer: NodeJS.Timeout | null = null
  #ticking: Promise<void> = Promise.resolve()
  #isStopping = false

  constructor(room: ListenerRoom) {
    this.#room = room
    this.#news = { db: room.db, chatAddress, pacing: room.pacing.accountNews }
  }

  async start(): Promise<void> {
    await this.#tick()
  }

  /** The accounts whose connection is up. */
  connected(): AccountId[] {
    return [...this.#open].flatMap(([id, { link }]) => (link.isConnected ? [id] : []))
  }

  /** The account's publisher while its connection is up. */
  publisherOf(id: AccountId): Publisher | null {
    const account = this.#open.get(id)
    return account?.link.isConnected === true ? account.publisher : null
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
    const { db } = this.#room
    const consents = await standingConsents(db)
    for (const account of await listAccounts(db, 'zalo')) {
      const fence = await this.#hold(account)
      const mayOpen = consents.has(account.id)
      if (!mayOpen || this.#open.get(account.id)?.loginNumber !== account.loginNumber) await this.#drop(account.id)
      const open = this.#open.get(account.id)
      if (account.loginNumber === 0) continue // nobody has logged it in yet
      if (fence === null && open !== undefined) await this.#drop(account.id)
      if (fence === null) continue
      await this.#withhold(account, mayOpen)
      if (mayOpen && open === undefined) await this.#start(account)
      if (open !== undefined) {
        await this.#catchUpIfWanted(account.id, open)
        this.#lookAtGroups(account.id, open)
      }
      if (await tellDueNews(this.#news, account, this.#room.clock())) this.#room.onTold()
    }
  }

  /** Takes or renews the account's lease, and writes down until when it was surely heard. */
  #hold({ id }: Account): Promise<string | null> {
    const { db, clock, pacing } = this.#room
    const open = this.#open.get(id)
    const heardUntil = open?.link.isHearing === true ? open.listener.heardUntil() : null
    return holdListener(db, id, this.#owner, clock(), pacing.listenerLeaseMs, heardUntil)
  }

  async #withhold(account: Account, mayOpen: boolean): Promise<void> {
    if (mayOpen) {
      this.#withheld.delete(account.id)
      return
    }
    if (this.#withheld.has(account.id)) return
    const stopped = { state: 'stopped', reason: 'no_consent' }
    if (await saveConnection(this.#news, account, stopped, this.#room.clock())) this.#room.onTold()
    this.#room.log.error({ accountId: account.id }, 'nobody has agreed to using this Zalo account: it stays shut')
    this.#withheld.add(account.id)
  }

  async #start(account: Account): Promise<void> {
    const { db, keyRing, clock, random, simUrl, openPicture, pacing } = this.#room
    const { loginNumber } = account
    const log = this.#room.log.child({ accountId: account.id })
    const { openZaloAccount } = await import('../../bots/zalo/account.ts')
    try {
      const session = await openSecret(db, keyRing, account.id)
      const link = { isConnected: false, isHearing: false }
      const sink = zaloSink(this.#room, this.#news, { account, owner: this.#owner, link, log })
      const waits = pacing.zaloWaits
      const opened = await openZaloAccount({ session, sink, simUrl, openPicture, clock, waits, random, log })
      this.#open.set(account.id, { ...opened, loginNumber, link, lastCatchUpAsked: null, looking: null })
    } catch (error) {
      log.error({ err: error }, 'the saved session of this account cannot be used')
      const unusable = { state: 'needs_qr', reason: errorCode(error) }
      if (await saveConnection(this.#news, account, unusable, clock())) this.#room.onTold()
    }
  }

  async #catchUpIfWanted(id: AccountId, open: OpenAccount): Promise<void> {
    const wanted = await catchUpWanted(this.#room.db, id)
    if (wanted === null || (open.lastCatchUpAsked !== null && open.lastCatchUpAsked >= wanted)) return
    open.lastCatchUpAsked = wanted
    open.listener.requestBackfill()
  }

  #lookAtGroups(id: AccountId, open: OpenAccount): void {
    if (!open.link.isConnected || open.looking !== null) return
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
