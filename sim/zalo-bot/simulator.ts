import { type AddBot, type AddGroup, type AddPerson, addBot, addGroup, addPerson, resetToken } from './cast.ts'
import { conversation, type SeenMessage } from './conversation.ts'
import type { Core } from './core.ts'
import type { CallFault, DeliveryFault } from './faults.ts'
import { chatIdFor } from './ids.ts'
import type { JournalEntry } from './journal.ts'
import { closeChat, type Say, say } from './people.ts'
import { botNamed, type Group, type Message, type Place } from './world.ts'

/** A running local Zalo Bot Platform. */
export interface ZaloBotSim {
  readonly url: string
  stop(): Promise<void>

  addBot(input: AddBot): { id: string; token: string }
  addPerson(input: AddPerson): string
  addGroup(input: AddGroup): Group
  resetToken(bot: string): string
  /** The chat as this bot names it. */
  chatIdOf(bot: string, place: Place): string
  /** Bots that exist, without their tokens. */
  bots(): { id: string; name: string; webhook: string | null }[]

  say(input: Say): Message
  closeChat(input: { bot: string; person: string }): void
  /** Any body as an update, for what no person can bring about. */
  push(bot: string, body: unknown): void
  conversation(place: Place): SeenMessage[]

  /** Everything that happened, in order; it only grows. */
  readonly log: readonly JournalEntry[]
  /** Calls back after each log entry; returns how to stop. */
  follow(listener: (entry: JournalEntry) => void): () => void

  failCalls(fault: CallFault): void
  failDeliveries(fault: DeliveryFault): void
  /** Ends all planned trouble. */
  heal(): void
  /** Resolves when no webhook is under way any more. */
  idle(): Promise<void>
  /** Updates nobody has fetched yet. */
  waitingFor(bot: string): number
  /** Callers of getUpdates that wait at this moment. */
  askingFor(bot: string): number
}

/** Everything but the server around it. */
export function simulatorOver(core: Core): Omit<ZaloBotSim, 'url' | 'stop'> {
  const { world, journal, faults, line } = core
  return {
    addBot: (input) => addBot(core, input),
    addPerson: (input) => addPerson(core, input),
    addGroup: (input) => addGroup(core, input),
    resetToken: (bot) => resetToken(core, { bot }),
    chatIdOf: (bot, place) => chatIdFor(place, botNamed(world, bot).id),
    bots: () => [...world.bots.values()].map(({ id, name, webhook }) => ({ id, name, webhook: webhook?.url ?? null })),
    say: (input) => say(core, input),
    closeChat: (input) => closeChat(core, input),
    push: (bot, body) => line.send(botNamed(world, bot), { about: null, text: '', body }),
    conversation: (place) => conversation(world, place),
    log: journal.entries,
    follow: journal.follow,
    failCalls: faults.failCalls,
    failDeliveries: faults.failDeliveries,
    heal: faults.clear,
    idle: () => line.idle(),
    waitingFor: (bot) => line.waitingFor(bot),
    askingFor: (bot) => line.askingFor(bot),
  }
}
