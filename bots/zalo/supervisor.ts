import type { Clock } from '../../src/lib/clock.ts'
import { errorCode } from '../../src/lib/errors.ts'
import type { ListenerState } from '../listener.ts'
import { newTrace, traced } from './call-trace.ts'
import { explain, type LoginFailure, libraryCode } from './errors.ts'
import { type Liveness, liveness } from './liveness.ts'
import type { ZaloLog } from './log.ts'
import { type Action, decide, type Happening, type Link, unlinked } from './supervision.ts'
import type { ZaloWaits } from './waits.ts'
import type { SocketHandlers, ZaloConnection } from './zca.ts'

export interface SupervisorOptions {
  readonly login: (signal: AbortSignal) => Promise<ZaloConnection | LoginFailure>
  /** What to do with what arrives; the supervisor adds what it needs to know itself. */
  readonly receive: Pick<SocketHandlers, 'event' | 'oldMessages' | 'unknownCommand' | 'failed'> & {
    /** What people write reaches us from now on. */
    heard(): void
    opened(): void
    /** Nothing has reached us since then. */
    unheard(since: Date, code: number): void
    closed(): void
  }
  readonly tell: (state: ListenerState, reason: string) => void
  readonly waits: ZaloWaits
  readonly clock: Clock
  readonly random: () => number
  readonly log: ZaloLog
}

/** Keeps one account connected: carries out what `decide` says and reports back what came of it. */
export class Supervisor {
  readonly #options: SupervisorOptions
  readonly #aborted = new AbortController()
  readonly #done = Promise.withResolvers<void>()
  #link: Link = unlinked
  /** The latest login, for calls. */
  #connection: ZaloConnection | null = null
  /** The login whose socket is up; an older one until it has made way. */
  #socketOf: ZaloConnection | null = null
  #wait: NodeJS.Timeout | undefined
  #deadline: NodeJS.Timeout | undefined
  #liveness: Liveness | null = null
  #isCut = false
  #answersPings = false

  constructor(options: SupervisorOptions) {
    this.#options = options
  }

  get connection(): ZaloConnection | null {
    return this.#connection
  }

  get isSessionDead(): boolean {
    return this.#link.session === 'dead'
  }

  /** Messages can be read and old ones asked for. */
  get isOpen(): boolean {
    return this.#link.socket === 'open'
  }

  /** Until when something surely came through; null while nothing can. */
  heardUntil(): Date | null {
    return this.isOpen ? (this.#liveness?.heardUntil() ?? null) : null
  }

  start(): void {
    this.#handle({ is: 'start' })
  }

  /** Resolves once nothing is open any more. */
  stop(): Promise<void> {
    this.#aborted.abort()
    this.#handle({ is: 'stop' })
    return this.#done.promise
  }

  /** A call was answered with "your session is over". */
  sessionRefused(code: string): void {
    this.#handle({ is: 'session_refused', code })
  }

  /** The link answers nothing any more although it looks open. */
  linkIsSilent(): void {
    this.#handle({ is: 'silent' })
  }

  requestOldMessages(thread: 'user' | 'group'): void {
    if (this.isOpen) this.#socketOf?.requestOldMessages(thread)
  }

  #handle(happening: Happening): void {
    const { clock, random, waits } = this.#options
    const { link, actions } = decide(this.#link, happening, { at: clock().getTime(), random: random(), waits })
    this.#link = link
    for (const action of actions) this.#act(action)
  }

  #act(action: Action): void {
    switch (action.do) {
      case 'login':
        void this.#login()
        return
      case 'open':
        this.#open()
        return
      case 'close':
        // A server that does not answer the handshake would hold the close back for half a minute.
        this.#cutAfter(this.#options.waits.closeMs)
        this.#socketOf?.close()
        return
      case 'cut':
        this.#options.log.warn({}, 'the connection to Zalo is silent and is cut')
        this.#isCut = true
        this.#socketOf?.cut()
        return
      case 'wait':
        clearTimeout(this.#wait)
        this.#wait = setTimeout(() => this.#handle({ is: 'wait_over' }), action.ms)
        return
      case 'cancel_wait':
        clearTimeout(this.#wait)
        return
      case 'check_session':
        void this.#keepAlive()
        return
      case 'tell':
        this.#options.tell(action.state, action.reason)
        return
      case 'done':
        this.#done.resolve()
    }
  }

  async #login(): Promise<void> {
    const outcome = await this.#options.login(this.#aborted.signal)
    if ('why' in outcome) return this.#handle({ is: 'login_failed', ...outcome })
    this.#connection = outcome
    const isCurrent = (): boolean => this.#socketOf === outcome
    const { receive } = this.#options
    outcome.listen({
      ...receive,
      opened: () => {
        if (!isCurrent()) return
        clearTimeout(this.#deadline)
        if (this.#link.socket === 'opening') receive.heard() // before anybody is told that it is connected
        this.#handle({ is: 'opened' })
        if (!this.isOpen) return
        outcome.ping() // the sooner it is known that pings are answered, the sooner silence means something
        receive.opened()
      },
      disconnected: (code) => {
        if (!isCurrent()) return
        // A link that was cut for its silence was dead before that.
        const since = this.#isCut ? this.#liveness?.heardUntil() : undefined
        receive.unheard(since ?? this.#options.clock(), code)
      },
      closed: (code) => {
        if (isCurrent()) this.#closed(code)
      },
      pong: () => {
        this.#answersPings = true
      },
    })
    this.#handle({ is: 'logged_in' })
  }

  #open(): void {
    const connection = this.#connection
    if (connection === null) return
    this.#socketOf = connection
    this.#cutAfter(this.#options.waits.openMs)
    this.#isCut = false
    this.#liveness = liveness({
      connection,
      waits: this.#options.waits,
      clock: this.#options.clock,
      answersPings: () => this.#answersPings,
      silent: () => this.linkIsSilent(),
      keepAlive: () => void this.#keepAlive(),
    })
    try {
      if (!connection.open()) this.#options.log.error({}, 'the frames of zca-js cannot be watched: has it changed?')
    } catch (error) {
      this.#options.log.error({ code: errorCode(error) }, 'the connection to Zalo could not be opened')
      queueMicrotask(() => this.#closed(1006)) // not from within: one decision is carried out at a time
    }
  }

  #closed(code: number): void {
    clearTimeout(this.#deadline)
    this.#liveness?.stop()
    this.#liveness = null
    this.#socketOf = null
    this.#options.receive.closed()
    this.#handle({ is: 'closed', code })
  }

  #cutAfter(ms: number): void {
    clearTimeout(this.#deadline)
    const connection = this.#socketOf
    this.#deadline = setTimeout(() => connection?.cut(), ms)
  }

  /** The calls' half of the session can die while the socket still delivers. */
  async #keepAlive(): Promise<void> {
    const trace = newTrace(this.#aborted.signal)
    try {
      await traced(trace, async () => this.#connection?.keepAlive())
    } catch (error) {
      const { consequence, code } = explain(trace, libraryCode(error))
      if (consequence === 'relogin') this.sessionRefused(code)
      else this.#options.log.warn({ code }, 'the session could not be kept alive')
    }
  }
}
