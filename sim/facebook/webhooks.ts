import { Agent } from 'node:http'
import { SimulatorError } from '../kit/simulator-error.ts'
import type { Journal } from './journal.ts'
import { envelope, type Update } from './payloads.ts'
import { send } from './post-bytes.ts'
import { signature1, signature256, toWireJson } from './wire.ts'
import type { World } from './world.ts'

/** How deliveries behave from now on. Every field has an ordinary value, so `{}` is fair weather. */
export type Weather = {
  /** Further copies of every POST. */
  duplicates: number
  /** Which share of the updates to come is sent once more, with others and in its own time. */
  repeats: number
  /** Updates in one POST, over all Pages; Facebook sends up to 1000. */
  batchMax: number
  /** POSTs under way at once; above 1 the order is open. */
  concurrency: number
  /** Take waiting updates in random order. */
  shuffle: boolean
  /** When the webhook of the product's own reply or text goes out, seen from the answer to its POST. */
  ownEcho: 'before' | 'after' | 'never'
}

export const fairWeather: Weather = {
  duplicates: 0,
  repeats: 0,
  batchMax: 1,
  concurrency: 1,
  shuffle: false,
  ownEcho: 'after',
}

/** Timers of the retries, so that a test can own time. */
export type Timers = {
  set(run: () => void, ms: number): unknown
  clear(handle: unknown): void
}

export type SenderOptions = {
  world: World
  journal: Journal
  secret: () => string
  random: () => number
  timers: Timers
  /** Milliseconds before attempt n (2 = first retry). */
  retryDelayMs: (attempt: number) => number
  timeoutMs: number
}

type Parcel = { updates: Update[]; attempt: number }

/** Sends updates to the product until it answers 200; nothing is given up, so nothing is lost while it is down. */
export class WebhookSender {
  readonly #options: SenderOptions
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 })
  readonly #waiting: Update[] = []
  readonly #copies: Parcel[] = []
  readonly #retries = new Map<Parcel, unknown>()
  readonly #idleWaiters: (() => void)[] = []
  #url: string | null = null
  readonly #inFlight = new Set<Parcel>()
  #paused = false
  #stopped = false
  weather: Weather = { ...fairWeather }

  constructor(options: SenderOptions) {
    this.#options = options
  }

  /** Facebook's handshake: the callback must give back the challenge, or nothing is subscribed. */
  async subscribe(url: string, verifyToken: string): Promise<void> {
    const challenge = String(1_000_000_000 + Math.floor(this.#options.random() * 1_000_000_000))
    const query = new URL(url)
    query.searchParams.set('hub.mode', 'subscribe')
    query.searchParams.set('hub.challenge', challenge)
    query.searchParams.set('hub.verify_token', verifyToken)
    const { status, body } = await send('GET', query.href, { timeoutMs: this.#options.timeoutMs, agent: this.#agent })
    if (status !== 200 || body !== challenge)
      throw new SimulatorError(
        'handshake_failed',
        `${url} answered ${status} with ${JSON.stringify(body.slice(0, 80))}; expected 200 with ${challenge}`,
      )
    this.#url = url
    this.#pump()
  }

  /** Hands over updates; one for a Page that is not subscribed to its field is never sent, as on Facebook. */
  enqueue(updates: readonly Update[]): void {
    for (const update of this.#subscribed(updates)) {
      this.#waiting.push(update)
      if (this.weather.repeats > 0 && this.#options.random() < this.weather.repeats) this.#waiting.push(update)
    }
    this.#pump()
  }

  /** Sends these at once, past the queue, and resolves when the product has answered or failed to. */
  async sendNow(updates: readonly Update[]): Promise<void> {
    const parcels = this.#subscribed(updates).map((update) => ({ updates: [update], attempt: 1 }))
    if (this.#paused) return this.enqueue(updates)
    await Promise.all(parcels.map((parcel) => this.#attempt(parcel)))
  }

  pause(): void {
    this.#paused = true
  }

  /** Lets held updates go, in the order written or another. */
  release(order: 'written' | 'reversed' | 'shuffled' = 'written'): void {
    if (order === 'reversed') this.#waiting.reverse()
    if (order === 'shuffled') shuffle(this.#waiting, this.#options.random)
    this.#paused = false
    this.#pump()
  }

  /** Does now what waits for its retry, e.g. when the product is up again. */
  retryNow(): void {
    for (const [parcel, timer] of [...this.#retries]) {
      this.#options.timers.clear(timer)
      this.#retries.delete(parcel)
      this.#copies.push(parcel)
    }
    this.#pump()
  }

  get pending(): number {
    return this.#waiting.length + this.#copies.length + this.#retries.size + this.#inFlight.size
  }

  /** Resolves when everything has been delivered. Held updates count as not delivered. */
  idle(): Promise<void> {
    if (this.pending === 0) return Promise.resolve()
    return new Promise((resolve) => this.#idleWaiters.push(resolve))
  }

  /** Updates not yet delivered, to be kept over a restart of the simulator. */
  undelivered(): Update[] {
    const parcels = [...this.#inFlight, ...this.#copies, ...this.#retries.keys()]
    return [...parcels.flatMap((parcel) => parcel.updates), ...this.#waiting]
  }

  /** Takes over what an earlier run could not deliver; it goes out after the handshake. */
  restore(updates: readonly Update[]): void {
    this.#waiting.push(...updates)
  }

  stop(): void {
    this.#stopped = true
    for (const timer of this.#retries.values()) this.#options.timers.clear(timer)
    this.#agent.destroy()
    for (const resolve of this.#idleWaiters.splice(0)) resolve()
  }

  #subscribed(updates: readonly Update[]): Update[] {
    if (!this.#url) return []
    const { pages } = this.#options.world
    return updates.filter((update) => pages.get(update.pageId)?.subscribedFields.includes(update.field))
  }

  #pump(): void {
    while (!this.#paused && !this.#stopped && this.#url && this.#inFlight.size < this.weather.concurrency) {
      const parcel = this.#copies.shift() ?? this.#nextParcel()
      if (!parcel) return
      void this.#attempt(parcel)
    }
  }

  #nextParcel(): Parcel | null {
    if (this.#waiting.length === 0) return null
    const { batchMax, shuffle: anyOrder } = this.weather
    const updates = anyOrder
      ? takeAtRandom(this.#waiting, batchMax, this.#options.random)
      : this.#waiting.splice(0, batchMax)
    for (let copy = 0; copy < this.weather.duplicates; copy++) this.#copies.push({ updates, attempt: 1 })
    return { updates, attempt: 1 }
  }

  async #attempt(parcel: Parcel): Promise<void> {
    this.#inFlight.add(parcel)
    const began = performance.now()
    const status = await this.#post(parcel.updates)
    const tookMs = performance.now() - began
    if (this.#stopped) return // it stays among the undelivered
    this.#inFlight.delete(parcel)
    const ids = parcel.updates.map((update) => update.about)
    this.#options.journal.write({ kind: 'delivery', status, attempt: parcel.attempt, updates: ids.length, ids, tookMs })
    if (status !== 200) this.#later({ updates: parcel.updates, attempt: parcel.attempt + 1 })
    this.#pump()
    if (this.pending === 0) for (const resolve of this.#idleWaiters.splice(0)) resolve()
  }

  async #post(updates: readonly Update[]): Promise<number> {
    const body = toWireJson(envelope(updates))
    const secret = this.#options.secret()
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'facebookexternalua',
      'x-hub-signature': signature1(secret, body),
      'x-hub-signature-256': signature256(secret, body),
    }
    try {
      const answer = await send('POST', this.#url ?? '', {
        headers,
        body,
        timeoutMs: this.#options.timeoutMs,
        agent: this.#agent,
      })
      return answer.status
    } catch {
      return 0 // refused, reset or silent: Facebook only knows that it was not 200
    }
  }

  #later(parcel: Parcel): void {
    const timer = this.#options.timers.set(() => {
      this.#retries.delete(parcel)
      this.#copies.push(parcel)
      this.#pump()
    }, this.#options.retryDelayMs(parcel.attempt))
    this.#retries.set(parcel, timer)
  }
}

function shuffle<T>(items: T[], random: () => number): void {
  items.push(...takeAtRandom(items, items.length, random))
}

/** Takes out up to `count` items, wherever they stand; constant work an item, also in a long queue. */
function takeAtRandom<T>(items: T[], count: number, random: () => number): T[] {
  const taken: T[] = []
  while (taken.length < count) {
    const last = items.pop()
    if (last === undefined) break
    const pick = Math.floor(random() * (items.length + 1))
    const picked = items[pick]
    if (picked === undefined) taken.push(last)
    else {
      items[pick] = last
      taken.push(picked)
    }
  }
  return taken
}
