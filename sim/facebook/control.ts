import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { How } from '../kit/faults.ts'
import { json, parseOrder, withoutGaps } from '../kit/json.ts'
import { SimulatorError } from '../kit/simulator-error.ts'
import { type ActionName, actions } from './actions.ts'
import type { Core } from './core.ts'
import { streamChanges } from './events.ts'
import { Fault } from './faults.ts'
import { how } from './how.ts'
import { act, type FacebookSim } from './simulator.ts'

type Simulator = Omit<FacebookSim, 'url' | 'stop'>

const assets: Record<string, string> = {
  'wall.js': 'text/javascript',
  'messenger.js': 'text/javascript',
  'dom.js': 'text/javascript',
  'people.js': 'text/javascript',
  'time.js': 'text/javascript',
  'facebook.css': 'text/css',
}

const PageQuery = z.object({ pageId: z.string() })
const ChatQuery = z.object({ pageId: z.string(), psid: z.string() })
const LogQuery = z.object({ after: z.coerce.number().default(0), kind: z.string().optional() })
const Webhook = z.object({ url: z.url(), verifyToken: z.string().optional() })
const Release = z.object({ order: z.enum(['written', 'reversed', 'shuffled']).default('written') })
const Weather = z.object({
  duplicates: z.number().int().min(0).optional(),
  repeats: z.number().min(0).max(1).optional(),
  batchMax: z.number().int().min(1).max(1000).optional(),
  concurrency: z.number().int().min(1).optional(),
  shuffle: z.boolean().optional(),
  ownEcho: z.enum(['before', 'after', 'never']).optional(),
})
const BreakToken = z.object({ pageId: z.string(), subcode: z.number().optional(), message: z.string().optional() })
const DropSubscription = PageQuery.extend({ fields: z.array(z.string()).optional() })
const DescribeToken = z.object({
  pageId: z.string(),
  scopes: z.array(z.string()).optional(),
  expiresAt: z.number().optional(),
  dataAccessExpiresAt: z.number().optional(),
  appId: z.string().optional(),
})
const MendToken = z.object({ pageId: z.string(), token: z.string().optional() })
const UsageChange = z.object({
  app: z.record(z.string(), z.unknown()).nullable().optional(),
  pages: z.record(z.string(), z.unknown()).optional(),
})

/** A ready-made trouble by name and arguments, e.g. `{ "preset": "refuse", "args": [190, 463] }`. */
const Preset = z.object({
  preset: z.enum(Object.keys(how) as [keyof typeof how]),
  args: z.array(z.unknown()).default([]),
})

/** Everything below /_sim/: pages for people, the same actions as in-process, and the faults. */
export async function handleControl(
  core: Core,
  simulator: Simulator,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sim.invalid')
  const name = url.pathname.slice('/_sim/'.length)
  if (request.method === 'GET' && name === 'events')
    return streamChanges(core.journal, response, url.searchParams.get('pageId'))
  if (request.method === 'GET' && name === 'photo') return servePhoto(core, url.searchParams.get('id') ?? '', response)
  if (request.method === 'GET' && (await servePage(name, response))) return
  try {
    const query: unknown = Object.fromEntries(url.searchParams)
    const result =
      request.method === 'GET' ? read(simulator, name, query) : await order(core, simulator, name, parseOrder(body))
    if (result === notHere) return json(response, 404, { error: `there is no /_sim/${name} for ${request.method}` })
    json(response, 200, result ?? { ok: true })
  } catch (error) {
    if (error instanceof z.ZodError) return json(response, 400, { error: z.prettifyError(error) })
    if (error instanceof SimulatorError) return json(response, 409, { error: error.message, code: error.code })
    throw error
  }
}

const notHere = Symbol('not here')

function read(simulator: Simulator, name: string, query: unknown): unknown {
  if (name === 'wall') return simulator.wall(PageQuery.parse(query).pageId)
  if (name === 'pages') return simulator.pages()
  if (name === 'chat') {
    const { pageId, psid } = ChatQuery.parse(query)
    return simulator.chat(pageId, psid)
  }
  if (name === 'log') {
    const { after, kind } = LogQuery.parse(query)
    return simulator.log.slice(after).filter((entry) => !kind || entry.kind === kind)
  }
  if (name === 'subscribedFields') return simulator.subscribedFields(PageQuery.parse(query).pageId)
  if (name === 'faults') return simulator.plannedFaults()
  if (name === 'state') return { pendingWebhooks: simulator.pendingWebhooks, log: simulator.log.length }
  return notHere
}

async function order(core: Core, simulator: Simulator, name: string, input: unknown): Promise<unknown> {
  if (isAction(name)) {
    const id = act(core, name, input)
    return typeof id === 'string' ? { id } : null
  }
  switch (name) {
    case 'setWebhook': {
      const { url, verifyToken } = Webhook.parse(input)
      return simulator.setWebhook(verifyToken === undefined ? { url } : { url, verifyToken })
    }
    case 'fail':
      return { id: simulator.fail(planned(input)) }
    case 'unfail':
      return simulator.unfail(z.object({ id: z.number() }).parse(input).id)
    case 'heal':
      return simulator.heal()
    case 'weather':
      return simulator.weather(withoutGaps(Weather.parse(input)))
    case 'pauseWebhooks':
      return simulator.pauseWebhooks()
    case 'releaseWebhooks':
      return simulator.releaseWebhooks(Release.parse(input).order)
    case 'retryNow':
      return simulator.retryNow()
    case 'idle':
      return simulator.idle()
    case 'dropSubscription':
      return dropSubscription(simulator, input)
    case 'breakToken': {
      const { pageId, ...trouble } = BreakToken.parse(input)
      return simulator.breakToken(pageId, withoutGaps(trouble))
    }
    case 'mendToken': {
      const { pageId, token } = MendToken.parse(input)
      return simulator.mendToken(pageId, token)
    }
    case 'describeToken': {
      const { pageId, ...facts } = DescribeToken.parse(input)
      return simulator.describeToken(pageId, withoutGaps(facts))
    }
    case 'setUsage':
      return simulator.setUsage(withoutGaps(UsageChange.parse(input)))
    case 'rotateSecret':
      return simulator.rotateSecret(z.object({ secret: z.string().min(1) }).parse(input).secret)
    default:
      return notHere
  }
}

function dropSubscription(simulator: Simulator, input: unknown): void {
  const { pageId, fields } = DropSubscription.parse(input)
  simulator.dropSubscription(pageId, fields)
}

function planned(input: unknown): Fault {
  const { how: wanted, ...rest } = z.looseObject({ how: z.unknown() }).parse(input)
  const preset = Preset.safeParse(wanted)
  const chosen = preset.success ? Reflect.apply(how[preset.data.preset], how, preset.data.args) : wanted
  return Fault.parse({ ...rest, how: How.parse(chosen) })
}

function servePhoto({ world }: Core, id: string, response: ServerResponse): void {
  const photo = world.photos.get(id)
  if (photo === undefined) json(response, 404, { error: `there is no photo ${id}` })
  else response.writeHead(200, { 'content-type': photo.type }).end(Buffer.from(photo.base64, 'base64'))
}

async function servePage(name: string, response: ServerResponse): Promise<boolean> {
  const file = name === 'page' ? 'wall.html' : name === 'messenger' ? 'messenger.html' : name.replace(/^assets\//u, '')
  const type = file.endsWith('.html') ? 'text/html' : name.startsWith('assets/') ? assets[file] : undefined
  if (!type) return false
  const bytes = await readFile(new URL(`./page/${file}`, import.meta.url))
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-cache' }).end(bytes)
  return true
}

function isAction(name: string): name is ActionName {
  return Object.hasOwn(actions, name)
}
