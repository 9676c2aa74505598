import type { RawDelivery } from '../../../bots/bot.ts'
import type { Listener, ListenerSink, ListenerState } from '../../../bots/listener.ts'
import type { BotAccess } from '../../../bots/zalo-bot/call.ts'
import { normalise } from '../../../bots/zalo-bot/normalise.ts'
import { pollUpdates } from '../../../bots/zalo-bot/poller.ts'
import { createPublisher } from '../../../bots/zalo-bot/publisher.ts'
import type { BotWaits } from '../../../bots/zalo-bot/waits.ts'
import { startZaloBotSim, type ZaloBotSimOptions } from '../../../sim/zalo-bot/server.ts'
import type { ZaloBotSim } from '../../../sim/zalo-bot/simulator.ts'
import { AccountId, newId, OutboxId } from '../../../src/lib/ids.ts'
import type { OutboundMessage } from '../../../src/outbox/outbound.ts'
import type { Publisher } from '../../../src/outbox/publisher.ts'

/** Milliseconds where production waits seconds; what a test wants to see never waits for one of the long ones. */
export const quickWaits: BotWaits = {
  callTimeoutMs: 5_000,
  pollMs: 200,
  probeMs: 10,
  pollGraceMs: 5_000,
  retryMinMs: 5,
  retryMaxMs: 20,
  failuresUntilTold: 2,
  repairMs: 20,
  throttledMs: 20,
  keepRetryMinMs: 5,
  keepRetryMaxMs: 20,
  closeMs: 2_000,
}

/** A sink that remembers; `down` makes it refuse like a database that is away. */
export class MemorySink implements ListenerSink {
  readonly deliveries: RawDelivery[] = []
  readonly states: { state: ListenerState; reason: string }[] = []
  refusals = 0
  down = false

  async keep(delivery: RawDelivery): Promise<void> {
    this.#need()
    this.deliveries.push(delivery)
  }

  async changed(state: ListenerState, reason: string): Promise<void> {
    this.#need()
    this.states.push({ state, reason })
  }

  async hears(): Promise<void> {}

  strangeFrame(): void {}

  async saveSession(): Promise<void> {}

  async caughtUp(): Promise<void> {}

  get texts(): (string | null)[] {
    return this.deliveries.flatMap((delivery) =>
      normalise(delivery).flatMap((item) => (item.kind === 'ignored' ? [] : [item.text])),
    )
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

/** A simulator with one bot and one person who has written to it before, and what is open on it. */
export class BotStage {
  readonly sim: ZaloBotSim
  readonly bot: string
  readonly hoa: string
  readonly chatId: string
  readonly access: BotAccess
  readonly logs: LogLine[] = []
  readonly #open: Listener[] = []

  constructor(sim: ZaloBotSim) {
    this.sim = sim
    const { id, token } = sim.addBot({ name: 'Bot Mặt trận xã' })
    this.bot = id
    this.access = { token, simUrl: sim.url }
    this.hoa = sim.addPerson({ id: 'hoa', name: 'Phan Thị Hoa' })
    this.chatId = sim.chatIdOf(id, { bot: id, person: this.hoa })
  }

  say(text: string): string {
    return this.sim.say({ bot: this.bot, person: this.hoa, text }).id
  }

  /** What the person reads of the bot. */
  read(): string[] {
    return this.sim
      .conversation({ bot: this.bot, person: this.hoa })
      .flatMap(({ by, text }) => ('bot' in by ? [text] : []))
  }

  publisher({ waits = {}, access = {} }: { waits?: Partial<BotWaits>; access?: Partial<BotAccess> } = {}): Publisher {
    const options = { access: { ...this.access, ...access }, waits: { ...quickWaits, ...waits } }
    return createPublisher({ ...options, clock: () => new Date(1_000_000) })
  }

  poll(sink: MemorySink, waits: Partial<BotWaits> = {}): Listener {
    const log = (level: LogLine['level']) => (fields: object, sentence: string) => {
      this.logs.push({ level, fields, sentence })
    }
    const listener = pollUpdates({
      access: this.access,
      botId: this.bot,
      sink,
      waits: { ...quickWaits, ...waits },
      random: () => 0.5,
      log: { info: log('info'), warn: log('warn'), error: log('error') },
    })
    this.#open.push(listener)
    return listener
  }

  async close(): Promise<void> {
    for (const listener of this.#open) await listener.stop()
    await this.sim.stop()
  }
}

export async function newBotStage(options: Partial<ZaloBotSimOptions> = {}): Promise<BotStage> {
  return new BotStage(await startZaloBotSim({ allow: true, allowLoopbackWebhook: true, ...options }))
}

/** A message to an officer in the chat `chatId`. */
export function outbound(chatId: string, given: Partial<OutboundMessage> = {}): OutboundMessage {
  const now = new Date()
  return {
    id: newId(OutboxId, now),
    accountId: newId(AccountId, now),
    caseId: null,
    kind: 'card',
    audience: 'officer',
    address: { type: 'direct', chatId },
    text: 'Câu hỏi mới · DH-7KM-3QP',
    fileId: null,
    targetId: null,
    link: null,
    claimedAt: now,
    ...given,
  }
}
