import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { How } from '../kit/faults.ts'
import { json } from '../kit/json.ts'
import { SimulatorError } from '../kit/simulator-error.ts'
import { AddBot, AddGroup, AddPerson } from './cast.ts'
import { CallFault, DeliveryFault } from './faults.ts'
import { how } from './how.ts'
import { Say } from './people.ts'
import type { ZaloBotSim } from './simulator.ts'

type Simulator = Omit<ZaloBotSim, 'url' | 'stop'>

const Chat = z.object({ bot: z.string(), person: z.string() })
const Place = z.union([z.object({ group: z.string() }), Chat])
const OfBot = z.object({ bot: z.string() })
const LogQuery = z.object({ after: z.coerce.number().default(0), kind: z.string().optional() })
/** A ready-made trouble by name and arguments, e.g. `{ "preset": "refuse", "args": [429] }`. */
const Preset = z.object({
  preset: z.enum(Object.keys(how) as [keyof typeof how]),
  args: z.array(z.unknown()).default([]),
})

/** Everything another process can order: `POST /_sim/<name>` with a JSON body. */
const orders: Record<string, (simulator: Simulator, input: unknown) => unknown> = {
  addBot: (simulator, input) => simulator.addBot(AddBot.parse(input)),
  addPerson: (simulator, input) => ({ id: simulator.addPerson(AddPerson.parse(input)) }),
  addGroup: (simulator, input) => simulator.addGroup(AddGroup.parse(input)),
  resetToken: (simulator, input) => ({ token: simulator.resetToken(OfBot.parse(input).bot) }),
  say: (simulator, input) => ({ id: simulator.say(Say.parse(input)).id }),
  closeChat: (simulator, input) => simulator.closeChat(Chat.parse(input)),
  push: (simulator, input) => {
    const { bot, body } = OfBot.extend({ body: z.unknown() }).parse(input)
    simulator.push(bot, body)
  },
  failCalls: (simulator, input) => simulator.failCalls(plannedCall(input)),
  failDeliveries: (simulator, input) => simulator.failDeliveries(DeliveryFault.parse(input)),
  heal: (simulator) => simulator.heal(),
  idle: (simulator) => simulator.idle(),
}

const readings: Record<string, (simulator: Simulator, query: unknown) => unknown> = {
  bots: (simulator) => simulator.bots(),
  conversation: (simulator, query) => simulator.conversation(Place.parse(query)),
  log: (simulator, query) => {
    const { after, kind } = LogQuery.parse(query)
    return simulator.log.slice(after).filter((entry) => kind === undefined || entry.kind === kind)
  },
}

/** Everything below /_sim/. */
export async function handleControl(
  simulator: Simulator,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sim.invalid')
  const name = url.pathname.slice('/_sim/'.length)
  const table = request.method === 'GET' ? readings : orders
  const run = Object.hasOwn(table, name) ? table[name] : undefined
  if (run === undefined) return json(response, 404, { error: `there is no /_sim/${name} for ${request.method}` })
  // A page of another site cannot send JSON without being asked first, so it cannot act here.
  const isJson = (request.headers['content-type'] ?? '').startsWith('application/json')
  if (request.method !== 'GET' && !isJson)
    return json(response, 415, { error: 'expected content-type application/json' })
  try {
    const input = request.method === 'GET' ? Object.fromEntries(url.searchParams) : JSON.parse(body || '{}')
    json(response, 200, (await run(simulator, input)) ?? { ok: true })
  } catch (error) {
    if (error instanceof z.ZodError) return json(response, 400, { error: z.prettifyError(error) })
    if (error instanceof SyntaxError) return json(response, 400, { error: 'expected a JSON body' })
    if (error instanceof SimulatorError) return json(response, 409, { error: error.message, code: error.code })
    throw error
  }
}

function plannedCall(input: unknown): CallFault {
  const { how: wanted, ...rest } = z.looseObject({ how: z.unknown() }).parse(input)
  const preset = Preset.safeParse(wanted)
  const chosen = preset.success ? Reflect.apply(how[preset.data.preset], how, preset.data.args) : wanted
  return CallFault.parse({ ...rest, how: How.parse(chosen) })
}
