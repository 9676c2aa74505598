import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { How } from '../kit/faults.ts'
import { json, parseOrder, withoutGaps } from '../kit/json.ts'
import { SimulatorError } from '../kit/simulator-error.ts'
import { type ActionName, actions } from './actions.ts'
import type { Core } from './core.ts'
import { Fault } from './faults.ts'
import { how } from './how.ts'
import { act, type ZaloOaSim } from './simulator.ts'

type Simulator = Omit<ZaloOaSim, 'url' | 'stop'>
type Reader = (simulator: Simulator, query: unknown) => unknown
type Order = (simulator: Simulator, input: unknown) => unknown

const ChatQuery = z.object({ oaId: z.string(), person: z.string() })
const LogQuery = z.object({ after: z.coerce.number().default(0), kind: z.string().optional() })
const OfOa = z.object({ oaId: z.string() })
const Weather = z
  .object({
    duplicates: z.int().min(0),
    concurrency: z.int().min(1),
    shuffle: z.boolean(),
    lose: z.number().min(0).max(1),
    ownEcho: z.enum(['before', 'after', 'never']),
    macPrefix: z.boolean(),
    timestampIn: z.enum(['body', 'header']),
  })
  .partial()
const Settings = z
  .object({
    replyLimit: z.int().min(0).nullable(),
    accessTokenMs: z.number().positive(),
    refreshTokenMs: z.number().positive(),
    refreshEndsAccess: z.boolean(),
    history: z.boolean(),
  })
  .partial()
const SpoilInput = z.object({
  do: z.enum(['wrong_mac', 'no_mac', 'no_prefix', 'stale', 'lose', 'duplicate', 'later']),
  of: z.string().exactOptional(),
  times: z.int().min(1).default(1),
})
/** A ready-made trouble by name and arguments, e.g. `{ "preset": "refuse", "args": [-216] }`. */
const Preset = z.object({
  preset: z.enum(Object.keys(how) as [keyof typeof how]),
  args: z.array(z.unknown()).default([]),
})

const readers: Record<string, Reader> = {
  log: ({ log }, query) => {
    const { after, kind } = LogQuery.parse(query)
    return log.slice(after).filter((entry) => !kind || entry.kind === kind)
  },
  conversation: (simulator, query) => {
    const { oaId, person } = ChatQuery.parse(query)
    return simulator.conversation(oaId, person)
  },
  userId: (simulator, query) => {
    const { oaId, person } = ChatQuery.parse(query)
    return { userId: simulator.userIdOf(oaId, person) }
  },
  faults: (simulator) => simulator.plannedFaults(),
  state: ({ pendingWebhooks, isWebhookDisabled, log }) => ({ pendingWebhooks, isWebhookDisabled, log: log.length }),
}

const orders: Record<string, Order> = {
  setWebhook: (simulator, input) => simulator.setWebhook(z.object({ url: z.url() }).parse(input).url),
  enableWebhook: (simulator) => simulator.enableWebhook(),
  fail: (simulator, input) => ({ id: simulator.fail(planned(input)) }),
  unfail: (simulator, input) => simulator.unfail(z.object({ id: z.number() }).parse(input).id),
  heal: (simulator) => simulator.heal(),
  spoil: (simulator, input) => simulator.spoil(SpoilInput.parse(input)),
  weather: (simulator, input) => simulator.weather(withoutGaps(Weather.parse(input))),
  settings: ({ settings }, input) => Object.assign(settings, withoutGaps(Settings.parse(input))),
  pauseWebhooks: (simulator) => simulator.pauseWebhooks(),
  releaseWebhooks: (simulator, input) =>
    simulator.releaseWebhooks(
      z.object({ order: z.enum(['written', 'reversed']).default('written') }).parse(input).order,
    ),
  retryNow: (simulator) => simulator.retryNow(),
  idle: (simulator) => simulator.idle(),
  endAccess: (simulator, input) => simulator.endAccess(OfOa.parse(input).oaId),
  endPairs: (simulator, input) => simulator.endPairs(OfOa.parse(input).oaId),
  consent: (simulator, input) => {
    const { oaId, challenge } = OfOa.extend({ challenge: z.string().optional() }).parse(input)
    return { code: challenge === undefined ? simulator.consent(oaId) : simulator.consent(oaId, challenge) }
  },
}

/** Everything below /_sim/: the same actions as in-process, the log, and the faults. */
export async function handleControl(
  core: Core,
  simulator: Simulator,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sim.invalid')
  const name = url.pathname.slice('/_sim/'.length)
  try {
    const result =
      request.method === 'GET'
        ? await readers[name]?.(simulator, Object.fromEntries(url.searchParams))
        : await carryOut(core, simulator, name, parseOrder(body))
    if (result === undefined && !isKnown(request.method, name))
      return json(response, 404, { error: `there is no /_sim/${name} for ${request.method}` })
    json(response, 200, result ?? { ok: true })
  } catch (error) {
    if (error instanceof z.ZodError) return json(response, 400, { error: z.prettifyError(error) })
    if (error instanceof SimulatorError) return json(response, 409, { error: error.message, code: error.code })
    throw error
  }
}

function carryOut(core: Core, simulator: Simulator, name: string, input: unknown): unknown {
  if (!isAction(name)) return orders[name]?.(simulator, input)
  const made = act(core, name, input)
  return typeof made === 'string' ? { id: made } : made
}

function isKnown(method: string | undefined, name: string): boolean {
  return method === 'GET' ? name in readers : isAction(name) || name in orders
}

function planned(input: unknown): Fault {
  const { how: wanted, ...rest } = z.looseObject({ how: z.unknown() }).parse(input)
  const preset = Preset.safeParse(wanted)
  const chosen = preset.success ? Reflect.apply(how[preset.data.preset], how, preset.data.args) : wanted
  return Fault.parse({ ...rest, how: How.parse(chosen) })
}

function isAction(name: string): name is ActionName {
  return Object.hasOwn(actions, name)
}
