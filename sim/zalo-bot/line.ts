import type { Faults } from './faults.ts'
import type { Journal } from './journal.ts'
import type { Update } from './updates.ts'
import type { Bot } from './world.ts'

type LineOptions = {
  journal: Journal
  faults: Faults
  /** How long the product may take to answer a webhook. */
  timeoutMs: number
  /** How long an update that is to come late waits for the next one. */
  holdMs: number
  /** How often a webhook that was not answered with 2xx is sent again, and after how long. Not documented: 0 by default. */
  redeliveries: number
  redeliverAfterMs: number
}

type Parcel = { update: Update; secret: 'right' | 'wrong' | 'none'; bytes: string }
type Waiter = { take: (parcel: Parcel) => void }

/** Brings updates to the product: to its webhook, or to whoever asks by getUpdates. */
export class UpdateLine {
  readonly #options: LineOptions
  /** By bot: updates nobody has asked for yet. */
  readonly #queues = new Map<string, Parcel[]>()
  readonly #waiters = new Map<string, Set<Waiter>>()
  readonly #held = new Map<string, { parcel: Parcel; timer: NodeJS.Timeout }>()
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #stopped = new AbortController()
  readonly #idleWaiters: (() => void)[] = []
  #inFlight = 0

  constructor(options: LineOptions) {
    this.#options = options
  }

  /** An update sets out; faults strike here, whichever way it goes. */
  send(bot: Bot, update: Update): void {
    const { journal, faults } = this.#options
    const fault = faults.nextDelivery({ bot: bot.id, text: update.text })
    if (fault !== null) journal.write({ kind: 'fault', bot: bot.id, fault, about: update.about })
    const parcel: Parcel = { update, secret: 'right', bytes: JSON.stringify(update.body) }
    switch (fault) {
      case 'lose':
        return
      case 'reorder':
        this.#hold(bot, parcel)
        return
      case 'duplicate':
        this.#route(bot, parcel)
        break
      case 'wrong-secret':
        parcel.secret = 'wrong'
        break
      case 'no-secret':
        parcel.secret = 'none'
        break
      case 'bare':
        parcel.bytes = JSON.stringify(innerOf(update.body))
        break
      case 'broken':
        parcel.bytes = parcel.bytes.slice(0, -2)
    }
    this.#route(bot, parcel)
    this.#letGo(bot)
  }

  /** What nobody has asked for goes to the webhook that has just been set. */
  webhookSet(bot: Bot): void {
    for (const parcel of this.#queues.get(bot.id)?.splice(0) ?? []) this.#route(bot, parcel)
  }

  /** Resolves with the bytes of one update, or null when the time is over or the caller has gone. */
  async next(bot: Bot, withinMs: number, gone: AbortSignal): Promise<Parcel | null> {
    const waiting = this.#queues.get(bot.id)?.shift()
    if (waiting !== undefined) return waiting
    const { promise, resolve } = Promise.withResolvers<Parcel | null>()
    const waiter: Waiter = { take: resolve }
    const waiters = this.#waiters.get(bot.id) ?? new Set()
    this.#waiters.set(bot.id, waiters.add(waiter))
    const giveUp = (): void => {
      waiters.delete(waiter) // before anything else, so that no update is given to somebody who has gone
      resolve(null)
    }
    const timer = setTimeout(giveUp, withinMs)
    for (const signal of [gone, this.#stopped.signal]) signal.addEventListener('abort', giveUp, { once: true })
    if (gone.aborted || this.#stopped.signal.aborted) giveUp()
    const parcel = await promise
    clearTimeout(timer)
    return parcel
  }

  /** Callers of getUpdates that wait at this moment. */
  askingFor(bot: string): number {
    return this.#waiters.get(bot)?.size ?? 0
  }

  waitingFor(bot: string): number {
    return this.#queues.get(bot)?.length ?? 0
  }

  /** Webhooks not yet answered, and what waits to be sent. */
  get pending(): number {
    return this.#inFlight + this.#timers.size + this.#held.size
  }

  /** Resolves when no webhook is under way any more. */
  idle(): Promise<void> {
    if (this.pending === 0) return Promise.resolve()
    return new Promise((resolve) => this.#idleWaiters.push(resolve))
  }

  stop(): void {
    this.#stopped.abort()
    for (const timer of this.#timers) clearTimeout(timer)
    for (const { timer } of this.#held.values()) clearTimeout(timer)
    this.#timers.clear()
    this.#held.clear()
    for (const resolve of this.#idleWaiters.splice(0)) resolve()
  }

  #route(bot: Bot, parcel: Parcel): void {
    if (bot.webhook !== null) {
      void this.#post(bot, bot.webhook, parcel, 1)
      return
    }
    const [waiter] = this.#waiters.get(bot.id) ?? []
    if (waiter !== undefined) {
      this.#waiters.get(bot.id)?.delete(waiter)
      waiter.take(parcel)
      return
    }
    const queue = this.#queues.get(bot.id)
    if (queue) queue.push(parcel)
    else this.#queues.set(bot.id, [parcel])
  }

  #hold(bot: Bot, parcel: Parcel): void {
    this.#letGo(bot)
    this.#held.set(bot.id, { parcel, timer: setTimeout(() => this.#letGo(bot), this.#options.holdMs) })
  }

  #letGo(bot: Bot): void {
    const held = this.#held.get(bot.id)
    if (held === undefined) return
    clearTimeout(held.timer)
    this.#held.delete(bot.id)
    this.#route(bot, held.parcel)
  }

  async #post(bot: Bot, webhook: NonNullable<Bot['webhook']>, parcel: Parcel, attempt: number): Promise<void> {
    const { journal, timeoutMs, redeliveries, redeliverAfterMs } = this.#options
    this.#inFlight += 1
    const status = await post(webhook.url, parcel.bytes, secretHeader(webhook.secret, parcel.secret), [
      AbortSignal.timeout(timeoutMs),
      this.#stopped.signal,
    ])
    this.#inFlight -= 1
    if (this.#stopped.signal.aborted) return
    journal.write({ kind: 'delivery', bot: bot.id, about: parcel.update.about, status, attempt })
    if ((status < 200 || status > 299) && attempt <= redeliveries) {
      const timer = setTimeout(() => {
        this.#timers.delete(timer)
        void this.#post(bot, webhook, parcel, attempt + 1)
      }, redeliverAfterMs)
      this.#timers.add(timer)
    }
    if (this.pending === 0) for (const resolve of this.#idleWaiters.splice(0)) resolve()
  }
}

async function post(url: string, body: string, secret: object, signals: AbortSignal[]): Promise<number> {
  try {
    const headers = { 'content-type': 'application/json', ...secret }
    const answer = await fetch(url, { method: 'POST', body, headers, signal: AbortSignal.any(signals) })
    await answer.arrayBuffer()
    return answer.status
  } catch {
    return 0 // refused, reset or silent: the platform only knows that there was no answer
  }
}

function secretHeader(secret: string, how: Parcel['secret']): object {
  if (how === 'none') return {}
  return { 'x-bot-api-secret-token': how === 'right' ? secret : `not ${secret}` }
}

function innerOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'result' in body ? body.result : body
}
