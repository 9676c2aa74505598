import { type ActionInput, type ActionName, type ActionOutput, actions } from './actions.ts'
import type { Core, Settings } from './core.ts'
import type { Fault } from './faults.ts'
import type { JournalEntry } from './journal.ts'
import { consent, endAccess, endPairs, issue, type Pair } from './openapi/tokens.ts'
import * as people from './people.ts'
import type { Spoil, Weather } from './webhooks.ts'
import { contactOf, type Message, oaOf, threadOf } from './world.ts'

/** A local Zalo for Official Accounts: what people do on it, what they see, and what goes wrong with it. */
export type ZaloOaSim = {
  /** Base address: the product's calls at `${url}/v3.0/…`, with the host they were meant for in `x-sim-host`. */
  readonly url: string
  stop(): Promise<void>

  /** The OA's first pair of tokens; of an OA that is there already, a new one. */
  addOa(input: ActionInput<'addOa'>): Pair
  addPerson(input: ActionInput<'addPerson'>): void
  /** The portal's "Check"; throws when the product does not answer 200. Until then no event is sent. */
  setWebhook(url: string): Promise<void>

  say(input: ActionInput<'say'>): string
  followOa(input: ActionInput<'followOa'>): void
  unfollowOa(input: ActionInput<'unfollowOa'>): void
  withdraw(input: ActionInput<'withdraw'>): void
  notice(input: ActionInput<'notice'>): void
  officerTypes(input: ActionInput<'officerTypes'>): string
  age(input: ActionInput<'age'>): void

  userIdOf(oaId: string, person: string): string
  /** What that person sees, oldest first. */
  conversation(oaId: string, person: string): readonly Message[]
  /** Everything that happened, in order; it only grows. */
  readonly log: readonly JournalEntry[]
  /** Calls back after each log entry; returns how to stop. */
  follow(listener: (entry: JournalEntry) => void): () => void

  readonly settings: Settings
  /** Plans trouble for calls to come; returns a number for `unfail`. */
  fail(fault: Fault): number
  unfail(id: number): void
  plannedFaults(): { id: number; name: string; left: number }[]
  /** Trouble for single deliveries to come. */
  spoil(spoil: Spoil): void
  weather(change: Partial<Weather>): void
  /** Forgets all planned trouble and brings fair weather back; what is held stays held. */
  heal(): void
  pauseWebhooks(): void
  releaseWebhooks(order?: 'written' | 'reversed'): void
  retryNow(): void
  /** Resolves when every event has been delivered or given up. */
  idle(): Promise<void>
  readonly pendingWebhooks: number
  readonly isWebhookDisabled: boolean
  enableWebhook(): void

  /** The OA's access tokens end at once, its refresh token does not. */
  endAccess(oaId: string): void
  /** The OA's tokens end at once, all of them. */
  endPairs(oaId: string): void
  /** An admin of the OA agrees anew: the code for the token address. */
  consent(oaId: string, challenge?: string): string
}

/** Does one named action with checked input: the one door for in-process callers and for HTTP. */
export function act(core: Core, name: ActionName, input: unknown): unknown {
  return doers[name](core, input)
}

const doers: Record<ActionName, (core: Core, input: unknown) => unknown> = {
  addOa: doer('addOa', addOa),
  addPerson: doer('addPerson', ({ world }, person) => void world.people.set(person.id, person)),
  say: doer('say', people.say),
  followOa: doer('followOa', people.followOa),
  unfollowOa: doer('unfollowOa', people.unfollowOa),
  withdraw: doer('withdraw', people.withdraw),
  notice: doer('notice', people.notice),
  officerTypes: doer('officerTypes', people.officerTypes),
  age: doer('age', people.age),
}

function doer<Name extends ActionName>(
  name: Name,
  run: (core: Core, input: ActionOutput<Name>) => unknown,
): (core: Core, input: unknown) => unknown {
  const schema = actions[name]
  return (core, input) => run(core, schema.parse(input) as ActionOutput<Name>)
}

function addOa(core: Core, oa: ActionOutput<'addOa'>): Pair {
  core.world.oas.set(oa.id, oa)
  return issue(core, oa.id)
}

/** Everything but the server around it. */
export function simulatorOver(core: Core): Omit<ZaloOaSim, 'url' | 'stop'> {
  const { world, journal, faults, webhooks, settings } = core
  const doIt = (name: ActionName) => (input: unknown) => void act(core, name, input)
  const make = (name: ActionName) => (input: unknown) => String(act(core, name, input))
  return {
    addOa: (input) => addOa(core, actions.addOa.parse(input)),
    addPerson: doIt('addPerson'),
    setWebhook: (url) => webhooks.subscribe(url),
    say: make('say'),
    followOa: doIt('followOa'),
    unfollowOa: doIt('unfollowOa'),
    withdraw: doIt('withdraw'),
    notice: doIt('notice'),
    officerTypes: make('officerTypes'),
    age: doIt('age'),
    userIdOf: (oaId, person) => contactOf(world, oaId, person).userId,
    conversation: (oaId, person) =>
      threadOf(world, oaId, contactOf(world, oaId, person).userId).flatMap((id) => world.messages.get(id) ?? []),
    log: journal.entries,
    follow: journal.follow,
    settings,
    fail: faults.add,
    unfail: faults.remove,
    plannedFaults: faults.list,
    spoil: (spoil) => webhooks.spoil(spoil),
    weather: (change) => {
      webhooks.weather = { ...webhooks.weather, ...change }
    },
    heal: () => {
      faults.clear()
      webhooks.heal()
    },
    pauseWebhooks: () => webhooks.pause(),
    releaseWebhooks: (order) => webhooks.release(order),
    retryNow: () => webhooks.retryNow(),
    idle: () => webhooks.idle(),
    get pendingWebhooks() {
      return webhooks.pending
    },
    get isWebhookDisabled() {
      return webhooks.isDisabled
    },
    enableWebhook: () => webhooks.enable(),
    endAccess: (oaId) => endAccess(core, oaOf(world, oaId).id),
    endPairs: (oaId) => endPairs(core, oaOf(world, oaId).id),
    consent: (oaId, challenge) => consent(core, oaOf(world, oaId).id, challenge ?? null),
  }
}
