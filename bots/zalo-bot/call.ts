import { z } from 'zod'
import { errorCode, RefusedError } from '../../src/lib/errors.ts'
import { readJson } from '../../src/lib/json.ts'
import { isToken } from './credentials.ts'
import { BotCallError, type BotFailure } from './failure.ts'

const platformUrl = 'https://bot-api.zaloplatforms.com'

export interface BotAccess {
  readonly token: string
  /** Where the platform is to be found in a simulated installation; null is the real one. */
  readonly simUrl: string | null
}

export interface Call {
  readonly method: string
  readonly params: object
  /** For the whole exchange, its body included. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

/** Whatever came back, as it came. `failure`: why it is no success; null: it is one. */
export interface Answer {
  readonly result: unknown
  readonly bytes: Buffer
  readonly failure: BotFailure | null
}

const Envelope = z.object({ ok: z.boolean(), result: z.unknown().optional(), error_code: z.unknown().optional() })

/** A call whose answer is a success; throws otherwise. */
export async function callBot(access: BotAccess, call: Call): Promise<unknown> {
  const { result, failure } = await exchange(access, call)
  if (failure !== null) throw new BotCallError(failure)
  return result
}

/**
 * The only way this adapter speaks HTTP. The token is part of the address, so nothing that knows the address leaves this
 * function: neither an error of fetch nor a redirect, which would carry the token to another host.
 */
export async function exchange({ token, simUrl }: BotAccess, call: Call): Promise<Answer> {
  const { method, params, timeoutMs, signal } = call
  const url = addressOf(token, simUrl, method)
  const signals = [AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]
  let response: Response
  let bytes: Buffer
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(params),
      redirect: 'manual',
      signal: AbortSignal.any(signals),
    })
    bytes = Buffer.from(await response.arrayBuffer()) // read here: the time limit covers the body too
  } catch (error) {
    const transport = causeCode(error)
    throw new BotCallError(failed(method, { transport, reached: !unreachedCodes.has(transport) }))
  }
  const envelope = Envelope.safeParse(readJson(bytes)).data
  if (envelope?.ok === true && response.ok) return { result: envelope.result, bytes, failure: null }
  const code = envelope === undefined ? null : numberOr(envelope.error_code, response.status)
  const failure = failed(method, { http: response.status, code, retryAfterMs: retryAfter(response.headers) })
  return { result: undefined, bytes, failure }
}

/** Refuses whatever is no address of the platform, or of a simulator on this machine. */
function addressOf(token: string, simUrl: string | null, method: string): URL {
  if (!isToken(token)) throw new RefusedError('expected the token of a Zalo bot, digits, a colon and letters')
  const base = new URL(simUrl ?? platformUrl)
  const isLoopback = ['127.0.0.1', '[::1]', 'localhost'].includes(base.hostname)
  if (simUrl !== null && !isLoopback)
    throw new RefusedError('a simulated Zalo bot platform is on this machine or nowhere')
  return new URL(`/bot${token}/${method}`, base)
}

function failed(method: string, facts: Partial<Omit<BotFailure, 'method'>>): BotFailure {
  return {
    method,
    http: null,
    code: null,
    transport: null,
    reached: true,
    retryAfterMs: null,
    ...facts,
  }
}

/** Codes under which no byte of the request can have reached the other side. */
const unreachedCodes = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'],
  ...['UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
])

/** fetch hides the reason one level down; where several addresses were tried, two. */
function causeCode(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  if (!(cause instanceof AggregateError)) return errorCode(cause)
  const codes = new Set(cause.errors.map(errorCode))
  const [only] = codes
  return codes.size === 1 && only !== undefined ? only : 'AggregateError'
}

function numberOr(code: unknown, otherwise: number): number {
  const read = z.coerce.number().int().safeParse(code)
  return code !== undefined && code !== null && read.success ? read.data : otherwise
}

/** In seconds, as HTTP has it; the platform itself documents nothing. */
function retryAfter(headers: Headers): number | null {
  const seconds = z.coerce.number().positive().max(86_400).safeParse(headers.get('retry-after'))
  return seconds.success ? seconds.data * 1_000 : null
}
