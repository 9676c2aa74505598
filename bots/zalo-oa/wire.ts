import { AppError, errorCode, RefusedError } from '../../src/lib/errors.ts'

const hosts = ['openapi.zalo.me', 'oauth.zaloapp.com'] as const
type OaHost = (typeof hosts)[number]

export interface OaWire {
  /** Where both hosts are to be found in a simulated installation; null is the real Zalo. */
  readonly simUrl: string | null
  readonly timeoutMs: number
}

export interface OaCall {
  readonly host: OaHost
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  /** Tokens travel here and in the body, never in the address. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | URLSearchParams | FormData
}

export interface OaAnswer {
  readonly http: number
  /** Undefined when it was no JSON. */
  readonly body: unknown
}

/** No whole answer came. It has no cause: what fetch throws may hold the request. */
export class NoAnswerError extends AppError {
  readonly code = 'no_answer'
  /** False only when not one byte can have reached Zalo. */
  readonly wasReached: boolean
  readonly transport: string

  constructor(wasReached: boolean, transport: string) {
    super('Zalo gave no answer', { details: { wasReached, transport } })
    this.wasReached = wasReached
    this.transport = transport
  }
}

/** The only way this adapter speaks HTTP: to two hosts, never without an end, following nobody elsewhere. */
export async function callOa({ simUrl, timeoutMs }: OaWire, call: OaCall): Promise<OaAnswer> {
  const url = addressOf(call)
  const target = simUrl === null ? url : new URL(url.pathname + url.search, simUrl)
  const headers = { ...call.headers, ...(simUrl === null ? {} : { 'x-sim-host': url.hostname }) }
  try {
    const answer = await fetch(target, {
      method: call.method,
      headers,
      body: call.body ?? null,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs), // over the body too
    })
    return { http: answer.status, body: jsonOf(await answer.text()) }
  } catch (error) {
    const code = causeCode(error)
    throw new NoAnswerError(!unreachedCodes.has(code), code)
  }
}

function addressOf({ host, path, query = {} }: OaCall): URL {
  const url = new URL(path, `https://${host}`)
  // A path that begins with two slashes names another host.
  if (!hosts.some((known) => known === url.hostname) || url.protocol !== 'https:' || url.port !== '') {
    throw new RefusedError(`expected one of ${hosts.join(', ')}, got the host "${url.hostname}"`)
  }
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // a page of HTML from something in between
  }
}

/** Codes under which no byte of the request can have reached the other side. */
const unreachedCodes = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'],
  ...['UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ...['SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
])

/** fetch hides the reason one level down; where several addresses were tried, two. */
function causeCode(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  if (cause instanceof AggregateError) {
    const codes = new Set(cause.errors.map(errorCode))
    const [only] = codes
    return codes.size === 1 && only !== undefined ? only : 'AggregateError'
  }
  return errorCode(cause)
}
