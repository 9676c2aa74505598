import { errorCode, RefusedError } from '../../src/lib/errors.ts'
import { currentTrace } from './call-trace.ts'
import { sealedLoginCode } from './login-code.ts'

export interface ZaloFetchOptions {
  /** Where every host of Zalo's is to be found in a simulated installation; null is the real Zalo. */
  readonly simUrl: string | null
  readonly callTimeoutMs: number
  /** Zalo refreshed a cookie. The library puts it into its jar once it has the answer. */
  readonly onCookies: () => void
}

/**
 * The only way this adapter speaks HTTP: to Zalo's hosts alone, never without an end, and with the error codes written
 * down that the library loses.
 */
export function zaloFetch({ simUrl, callTimeoutMs, onCookies }: ZaloFetchOptions): typeof fetch {
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input)
    if (!isZaloHost(url.hostname) || url.protocol !== 'https:') {
      throw new RefusedError(`expected an address of zalo.me, got the host "${url.hostname}"`)
    }
    const trace = currentTrace()
    const signals = [AbortSignal.timeout(callTimeoutMs), init.signal, trace?.signal].filter((s) => s != null)
    const headers = new Headers(init.headers)
    headers.set('accept-encoding', 'gzip, deflate, br') // the library also offers zstd, which not every Node reads
    if (simUrl !== null) headers.set('x-sim-host', url.hostname)
    const target = simUrl === null ? url : new URL(url.pathname + url.search, simUrl)
    const { method = 'GET', body = null } = init
    trace?.asked.push(url.pathname)
    try {
      // Redirects are followed by the library through this function again, so that they too meet the list of hosts.
      const answer = await fetch(target, {
        method,
        body,
        headers,
        redirect: 'manual',
        signal: AbortSignal.any(signals),
      })
      const bytes = new Uint8Array(await answer.arrayBuffer()) // read here: the time limit covers the body too
      trace?.answers.push({ path: url.pathname, status: answer.status, code: codeOf(url, bytes) })
      if (answer.headers.has('set-cookie')) onCookies()
      return rebuilt(answer, bytes, url.hostname)
    } catch (error) {
      if (trace) trace.failure = { reached: !isUnreached(error), code: causeCode(error) }
      throw error
    }
  }
}

export function isZaloHost(host: string): boolean {
  return host === 'zalo.me' || host.endsWith('.zalo.me')
}

function rebuilt(answer: Response, bytes: Uint8Array<ArrayBuffer>, host: string): Response {
  const headers = new Headers(answer.headers)
  headers.delete('content-encoding')
  headers.delete('content-length')
  headers.delete('set-cookie')
  for (const cookie of answer.headers.getSetCookie()) {
    // Without a Domain the library files a cookie under the host "null" and never sends it back.
    headers.append('set-cookie', /;\s*domain=/i.test(cookie) ? cookie : `${cookie}; Domain=${host}`)
  }
  const hasBody = ![101, 204, 205, 304].includes(answer.status)
  return new Response(hasBody ? bytes : null, { status: answer.status, statusText: answer.statusText, headers })
}

function codeOf(url: URL, bytes: Uint8Array): number | null {
  const json = jsonOf(bytes)
  if (typeof json !== 'object' || json === null || !('error_code' in json)) return null
  if (typeof json.error_code !== 'number') return null
  if (json.error_code !== 0 || !url.pathname.endsWith('/getLoginInfo')) return json.error_code
  return 'data' in json ? sealedLoginCode(url.searchParams, json.data) : null
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return null // no JSON, no code: a page of HTML from something in between
  }
}

/** Codes under which no byte of the request can have reached the other side. */
const unreachedCodes = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'],
  ...['UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
])

function isUnreached(error: unknown): boolean {
  return unreachedCodes.has(causeCode(error))
}

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
