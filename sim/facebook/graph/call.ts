import type { Core } from '../core.ts'
import type { Update } from '../payloads.ts'
import type { Page, User } from '../world.ts'

/** Whose token came with the call. */
export type Caller = { kind: 'page'; page: Page } | { kind: 'user'; user: User } | { kind: 'app' }

export type GraphCall = {
  method: 'GET' | 'POST' | 'DELETE'
  /** Path without version and query. */
  path: string
  segments: readonly string[]
  /** Query and body together; the body wins. */
  params: Readonly<Record<string, unknown>>
  caller: Caller
  token: string
  /** Where this Facebook is reached. */
  origin: string
}

export type GraphResult = {
  body: unknown
  /** Webhooks of what the call brought about. */
  echoes?: Update[]
  created?: string[]
}

/** One edge: its answer, or null when the path is not its own. It throws GraphRefusal for an honest no. */
export type Edge = (core: Core, call: GraphCall) => GraphResult | null

/** A parameter as text; Graph takes numbers and booleans for it too. */
export function textParam(call: Pick<GraphCall, 'params'>, name: string): string {
  const value = call.params[name]
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

/** A parameter that is an object, or JSON text of one as in a form body. */
export function objectParam(call: Pick<GraphCall, 'params'>, name: string): Record<string, unknown> {
  const value = call.params[name]
  if (isRecord(value)) return value
  if (typeof value !== 'string') return {}
  try {
    const parsed: unknown = JSON.parse(value)
    return isRecord(parsed) ? parsed : {}
  } catch {
    return {}
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
