import { Agent } from 'node:http'
import { SimulatorError } from '../kit/simulator-error.ts'
import type { Journal } from './journal.ts'
import type { WebhookEvent } from './payloads.ts'
import { post } from './post-bytes.ts'
import { mac } from './wire.ts'
import { oaOf, type World } from './world.ts'

/** How deliveries behave from now on. Every field has an ordinary value, so `{}` is fair weather. */
export type Weather = {
  /** Further copies of every POST. */
  duplicates: number
  /** POSTs under way at once; above 1 the order is open. */
  concurrency: number
  /** Take waiting events in random order. */
  shuffle: boolean
  /** Chance that an event never goes out. */
  lose: number
  /** When the webhook of the product's own message goes out, seen from the answer to its call. */
  ownEcho: 'before' | 'after' | 'never'
  /** Sources disagree on both of these. */
  macPrefix: boolean
  timestampIn: 'body' | 'header'
}

const fairWeather: Weather = {
  duplicates: 0,
  concurrency: 1,
  shuffle: false,
  lose: 0,
  ownEcho: 'after',
  macPrefix: true,
  timestampIn: 'body',
}

/** Trouble for single deliveries to come; `of` limits it to one kind of event. */
export type Spoil = {
  do: 'wrong_mac' | 'no_mac' | 'no_prefix' | 'stale' | 'lose' | 'duplicate' | 'later'
  of?: string
  times?: number
}

/** Timers of the retries, so that a test can own time. */
export type Timers = { set(run: () => void, ms: number): unknown; clear(handle: unknown): void }

export type SenderOptions = {
  appId: string
  world: World
  journal: Journal
  random: () => number
  timers: Timers
  /** Milliseconds before each further attempt; after the last the webhook is disabled. */
  retryDelaysMs: readonly number[]
  timeoutMs: number
}

type Parcel = { event: WebhookEvent; retry: number; spoilt: Spoil['do'] | null }

/** Two hours more than every redelivery takes. */
const STALE_MS = 4 * 3_600_000

/** Sends events to the product: 200 within two seconds, or again later, or never more. */
export class WebhookSender {
  readonly #options: SenderOptions
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 })
  readonly #waiting: Parcel[] = []
  /** Each goes out after the next event. */
  readonly #held: Parcel[] = []
  readonly #retries = new Map<Parcel, unknown>()
  readonly #inFlight = new Set<Parcel>()
  readonly #idleWaiters: (() => void)[] = []
  #spoils: (Spoil & { times: number })[] = []
  #url: string | null = null
  #isDisabled = false
  #isPaused = false
  #isStopped = false
  weather: Weather = { ...fairWeather }

  constructor(options: SenderOptions) {
    this.#options = options
  }

  /** The portal's "Check": it saves the address only where an unsigned body is answered with 200. */
  async subscribe(url: string): Promise<void> {
    const headers = { 'content-type': 'application/json' }
    const { timeoutMs } = this.#options
    const status = await post(url, { headers, body: '{}', timeoutMs, agent: this.#agent }).catch(() => 0)
    if (status !== 200)
      throw new SimulatorError('check_failed', `${url} answered ${status || 'nothing'}; expected 200 within 2 s`)
    this.#url = url
    this.#isDisabled = false
    this.#options.journal.write({ kind: 'webhook', what: 'set' })
  }

  /** A person has asked for the webhook to be switched on again. What was missed meanwhile stays missed. */
  enable(): void {
    this.#isDisabled = false
    this.#options.journal.write({ kind: 'webhook', what: 'enabled' })
  }

  get isDisabled(): boolean {
    return this.#isDisabled
  }

  spoil({ do: what, of, times = 1 }: Spoil): void {
    this.#spoils.push({ do: what, times, ...(of === undefined ? {} : { of }) })
  }

  heal(): void {
    this.#spoils = []
    this.weather = { ...fairWeather }
  }

  enqueue(event: WebhookEvent): void {
    const { journal } = this.#options
    const { name, id } = event
    const spoilt = this.#url === null || this.#isDisabled ? null : this.#nextSpoil(name)
    const why = this.#whyLost(spoilt)
    if (why !== null) {
      journal.write({ kind: 'lost', event: name, id, why })
      return
    }
    const parcel = { event, retry: 0, spoilt }
    if (spoilt === 'later') {
      this.#held.push(parcel)
      return
    }
    const copies = this.weather.duplicates + (spoilt === 'duplicate' ? 1 : 0)
    for (let copy = 0; copy <= copies; copy += 1) this.#waiting.push({ ...parcel })
    this.#waiting.push(...this.#held.splice(0))
    this.#pump()
  }

  pause(): void {
    this.#isPaused = true
  }

  /** Lets held events go, in the order written or another. */
  release(order: 'written' | 'reversed' = 'written'): void {
    if (order === 'reversed') this.#waiting.reverse()
    this.#isPaused = false
    this.#pump()
  }

  /** Does now what waits for its retry. */
  retryNow(): void {
    for (const [parcel, timer] of [...this.#retries]) {
      this.#options.timers.clear(timer)
      this.#retries.delete(parcel)
      this.#waiting.push(parcel)
    }
    this.#pump()
  }

  get pending(): number {
    return this.#waiting.length + this.#held.length + this.#retries.size + this.#inFlight.size
  }

  /** Resolves when nothing is under way or waits any more. */
  idle(): Promise<void> {
    if (this.pending === 0) return Promise.resolve()
    return new Promise((resolve) => this.#idleWaiters.push(resolve))
  }

  stop(): void {
    this.#isStopped = true
    for (const timer of this.#retries.values()) this.#options.timers.clear(timer)
    this.#agent.destroy()
    this.#tellIdle()
  }

  #whyLost(spoilt: Spoil['do'] | null): 'planned' | 'disabled' | 'no_webhook' | null {
    if (this.#url === null) return 'no_webhook'
    if (this.#isDisabled) return 'disabled'
    const { lose } = this.weather
    return spoilt === 'lose' || (lose > 0 && this.#options.random() < lose) ? 'planned' : null
  }

  #nextSpoil(name: string): Spoil['do'] | null {
    const found = this.#spoils.find(({ of }) => of === undefined || of === name)
    if (found === undefined) return null
    found.times -= 1
    if (found.times <= 0) this.#spoils = this.#spoils.filter((spoil) => spoil !== found)
    return found.do
  }

  #pump(): void {
    while (!this.#isPaused && !this.#isStopped && this.#inFlight.size < this.weather.concurrency) {
      const parcel = this.#take()
      if (parcel === null) return
      void this.#attempt(parcel)
    }
  }

  #take(): Parcel | null {
    const at = this.weather.shuffle ? Math.floor(this.#options.random() * this.#waiting.length) : 0
    const [parcel] = this.#waiting.splice(at, 1)
    return parcel ?? null
  }

  async #attempt(parcel: Parcel): Promise<void> {
    this.#inFlight.add(parcel)
    const status = await this.#post(parcel)
    if (this.#isStopped) return
    this.#inFlight.delete(parcel)
    const { event, retry, spoilt } = parcel
    const { journal } = this.#options
    journal.write({
      kind: 'delivery',
      event: event.name,
      id: event.id,
      status,
      retry,
      ...(spoilt === null ? {} : { spoilt }),
    })
    if (status !== 200) this.#later({ ...parcel, retry: retry + 1 })
    this.#pump()
    if (this.pending === 0) this.#tellIdle()
  }

  #later(parcel: Parcel): void {
    const { timers, retryDelaysMs, journal } = this.#options
    const delayMs = retryDelaysMs[parcel.retry - 1]
    if (delayMs === undefined) {
      const { name, id } = parcel.event
      journal.write({ kind: 'lost', event: name, id, why: 'disabled' })
      if (!this.#isDisabled) journal.write({ kind: 'webhook', what: 'disabled' })
      this.#isDisabled = true
      return
    }
    const timer = timers.set(() => {
      this.#retries.delete(parcel)
      this.#waiting.push(parcel)
      this.#pump()
    }, delayMs)
    this.#retries.set(parcel, timer)
  }

  async #post({ event, retry, spoilt }: Parcel): Promise<number> {
    const { appId, world, timeoutMs } = this.#options
    const { macPrefix, timestampIn } = this.weather
    // The same in every redelivery, as the mac is too.
    const timestamp = String(spoilt === 'stale' ? event.at - STALE_MS : event.at)
    const body = JSON.stringify({ app_id: appId, ...event.body, ...(timestampIn === 'body' ? { timestamp } : {}) })
    const secret = spoilt === 'wrong_mac' ? 'not-the-secret' : oaOf(world, event.oaId).secretKey
    const prefix = macPrefix && spoilt !== 'no_prefix' ? 'mac=' : ''
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      ...(spoilt === 'no_mac' ? {} : { 'x-zevent-signature': `${prefix}${mac(appId, body, timestamp, secret)}` }),
      ...(timestampIn === 'header' ? { 'x-zevent-timestamp': timestamp } : {}),
      ...(retry === 0 ? {} : { num_retry: String(retry) }),
    }
    try {
      return await post(this.#url ?? '', { headers, body, timeoutMs, agent: this.#agent })
    } catch {
      return 0 // refused, reset or late: Zalo only knows that it was not 200 in time
    }
  }

  #tellIdle(): void {
    for (const resolve of this.#idleWaiters.splice(0)) resolve()
  }
}
