import type { RawDelivery } from '../../../bots/bot.ts'
import type { Hearing, Listener, ListenerSink, ListenerState, StrangeFrame } from '../../../bots/listener.ts'
import { openZaloAccount } from '../../../bots/zalo/account.ts'
import { normalise } from '../../../bots/zalo/normalise.ts'
import { writeSession, type ZaloSession } from '../../../bots/zalo/session.ts'
import type { ZaloWaits } from '../../../bots/zalo/waits.ts'
import { startZaloSim, type ZaloSim, type ZaloSimOptions } from '../../../sim/zalo/sim.ts'
import type { GroupNews, InboundEvent } from '../../../src/intake/event.ts'
import { AccountId, newId, OutboxId } from '../../../src/lib/ids.ts'
import type { OutboundMessage } from '../../../src/outbox/outbound.ts'
import type { Picture } from '../../../src/outbox/publisher.ts'
import { until } from '../../support/until.ts'

/**
 * Milliseconds where production waits seconds; what a test wants to see never waits for one of the long ones. What would
 * only give up on somebody slow is long: a busy machine is slow too.
 */
export const quickWaits: ZaloWaits = {
  callTimeoutMs: 20_000,
  openMs: 20_000,
  closeMs: 300,
  reconnectMinMs: 5,
  reconnectMaxMs: 40,
  steadyMs: 0,
  attemptsBeforeLogin: 3,
  evictedWaitMs: 60,
  evictedWindowMs: 60_000,
  probeMs: 20,
  silentMs: 60_000,
  quietMs: 60_000,
  keepAliveMs: 60_000,
  backfillAnswerMs: 20_000,
  backfillTries: 3,
  backfillEveryMs: 60_000,
  keepRetryMinMs: 5,
  keepRetryMaxMs: 20,
  keepAtOnce: 4,
  heldAtMost: 100,
  rememberedMessages: 1_000,
  saveSessionMs: 10,
  resaveSessionMs: 60_000,
  throttledMs: 900_000,
  quotaMs: 3_600_000,
}

/** A sink that remembers; `down` makes it refuse like a database that is away. */
export class MemorySink implements ListenerSink {
  readonly deliveries: { delivery: RawDelivery; lane: 'live' | 'backfill' }[] = []
  readonly states: { state: ListenerState; reason: string }[] = []
  readonly hearings: Hearing[] = []
  readonly strange: { command: number; became: StrangeFrame }[] = []
  readonly sessions: string[] = []
  readonly caughtUps: Date[] = []
  refusals = 0
  down = false

  async keep(delivery: RawDelivery, lane: 'live' | 'backfill'): Promise<void> {
    this.#need()
    this.deliveries.push({ delivery, lane })
  }

  async changed(state: ListenerState, reason: string): Promise<void> {
    this.#need()
    this.states.push({ state, reason })
  }

  async hears(hearing: Hearing): Promise<void> {
    this.#need()
    this.hearings.push(hearing)
  }

  strangeFrame(command: number, became: StrangeFrame): void {
    this.strange.push({ command, became })
  }

  async saveSession(session: string): Promise<void> {
    this.#need()
    this.sessions.push(session)
  }

  async caughtUp(requestedAt: Date): Promise<void> {
    this.#need()
    this.caughtUps.push(requestedAt)
  }

  get events(): InboundEvent[] {
    return this.deliveries.flatMap(({ delivery }) =>
      normalise(delivery).flatMap((item) => (item.kind === 'ignored' || item.kind === 'group_news' ? [] : [item])),
    )
  }

  get ignored(): string[] {
    return this.deliveries.flatMap(({ delivery }) =>
      normalise(delivery).flatMap((item) => (item.kind === 'ignored' ? [item.reason] : [])),
    )
  }

  get groupNews(): GroupNews[] {
    return this.deliveries.flatMap(({ delivery }) =>
      normalise(delivery).flatMap((item) => (item.kind === 'group_news' ? [item] : [])),
    )
  }

  texts(kind: InboundEvent['kind'] = 'message'): (string | null)[] {
    return this.events.filter((event) => event.kind === kind).map(({ text }) => text)
  }

  /** Each text once, as the office has it after unique keys. */
  distinct(kind: InboundEvent['kind'] = 'message'): (string | null)[] {
    const byKey = new Map(this.events.filter((event) => event.kind === kind).map((event) => [event.dedupeKey, event]))
    return [...byKey.values()].map(({ text }) => text)
  }

  state(): ListenerState | undefined {
    return this.states.at(-1)?.state
  }

  #need(): void {
    if (!this.down) return
    this.refusals += 1
    throw new Error('the database is away')
  }
}

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error'
  readonly fields: object
  readonly sentence: string
}

/** A simulator with one account in one group with one resident, and what is open on it. */
export class Stage {
  readonly sim: ZaloSim
  readonly uid: string
  readonly session: string
  readonly lan: string
  readonly groupId: string
  readonly logs: LogLine[] = []
  readonly pictures = new Map<string, Picture>()
  readonly #open: Listener[] = []

  constructor(sim: ZaloSim) {
    this.sim = sim
    const { uid, credentials } = sim.addAccount({ name: 'Mặt trận xã' })
    this.uid = uid
    this.lan = sim.addPerson({ name: 'Nguyễn Thị Lan' })
    this.groupId = sim.addGroup({ name: 'Khối 5', members: [this.lan], accounts: [uid] }).id
    const { imei, userAgent, cookie } = credentials
    this.session = writeSession({ v: 1, uid, imei, userAgent, language: 'vi', cookies: cookie } satisfies ZaloSession)
  }

  /** Opens the account and, unless told otherwise, waits until it is connected and has caught up. */
  async open({
    sink = new MemorySink(),
    session = this.session,
    waits = {},
    simUrl = this.sim.url,
    settled = true,
  }: {
    sink?: MemorySink
    session?: string
    waits?: Partial<ZaloWaits>
    simUrl?: string
    settled?: boolean
  } = {}): Promise<Awaited<ReturnType<typeof openZaloAccount>> & { sink: MemorySink }> {
    const log = (level: LogLine['level']) => (fields: object, sentence: string) => {
      this.logs.push({ level, fields, sentence })
    }
    const opened = await openZaloAccount({
      session,
      sink,
      simUrl,
      openPicture: async (id) => this.pictures.get(id) ?? null,
      clock: () => new Date(),
      waits: { ...quickWaits, ...waits },
      random: () => 0.5,
      log: { info: log('info'), warn: log('warn'), error: log('error') },
    })
    this.#open.push(opened.listener)
    if (settled) {
      const before = sink.caughtUps.length
      await until(() => sink.state() === 'connected' && sink.caughtUps.length > before, {
        what: 'a settled connection',
      })
    }
    return { ...opened, sink }
  }

  /** The resident writes in the group. */
  say(text: string, more: Partial<Parameters<ZaloSim['say']>[0]> = {}): string {
    return this.sim.say({ group: this.groupId, person: this.lan, text, ...more }).id
  }

  /** Sockets the simulator has seen opened so far. */
  socketsOpened(): number {
    return this.sim.log.filter((entry) => entry.what === 'socket' && entry.step === 'open').length
  }

  logins(): number {
    return this.sim.log.filter((entry) => entry.what === 'login' && entry.step === 'cookie').length
  }

  async close(): Promise<void> {
    for (const listener of this.#open) await listener.stop()
    await this.sim.stop()
  }
}

export async function newStage(settings: ZaloSimOptions['settings'] = {}): Promise<Stage> {
  return new Stage(await startZaloSim({ allow: true, settings }))
}

/** A message to send, addressed to `address`. */
export function outbound(address: OutboundMessage['address'], text: string): OutboundMessage {
  const now = new Date()
  return {
    id: newId(OutboxId, now),
    accountId: newId(AccountId, now),
    caseId: null,
    kind: 'answer',
    audience: 'public',
    address,
    text,
    fileId: null,
    targetId: null,
    link: null,
    claimedAt: now,
  }
}
