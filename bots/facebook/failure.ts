import { z } from 'zod'
import { AppError } from '../../src/lib/errors.ts'
import { type UsageHeaders, usageHeaders } from './usage.ts'

/** A Graph call that did not end in a readable success: codes and numbers only, never a token, an address or a text. */
export interface GraphFailure {
  readonly operation: string
  /** The HTTP status, or null when there was no answer. */
  readonly http: number | null
  /** Without an answer: the code of the socket error. */
  readonly transport: string | null
  readonly code: number | null
  readonly subcode: number | null
  readonly type: string | null
  readonly isTransient: boolean
  readonly traceId: string | null
  readonly usage: UsageHeaders
}

/** The only error that leaves graph.ts. It has no cause: the SDK's errors carry the token and the citizen's text. */
export class GraphError extends AppError {
  readonly code = 'graph_error'
  readonly failure: GraphFailure

  constructor(failure: GraphFailure) {
    const { operation, http, transport, traceId } = failure
    const platformCode = platformCodeOf(failure)
    super(`Graph did not carry out ${operation}: ${platformCode}`, {
      details: { operation, http, transport, platformCode, traceId },
    })
    this.failure = failure
  }
}

/** What is known of an exchange with Graph. */
interface Exchange {
  readonly operation: string
  readonly http?: number | null | undefined
  readonly transport?: string | null | undefined
  readonly headers?: unknown
  readonly body?: unknown
}

const Code = z.coerce.number().int()
const GraphErrorBody = z.object({
  error: z.object({
    code: Code,
    error_subcode: Code.optional().catch(undefined),
    type: z.string().optional().catch(undefined),
    is_transient: z.boolean().optional().catch(undefined),
    fbtrace_id: z.string().optional().catch(undefined),
  }),
})

/** Reads the facts of a failed exchange; HTML, nothing at all and broken JSON have none. */
export function failureOf({ operation, http, transport, headers, body }: Exchange): GraphFailure {
  const error = GraphErrorBody.safeParse(typeof body === 'string' ? parseJson(body) : body).data?.error
  return {
    operation,
    http: http ?? null,
    transport: transport ?? null,
    code: error?.code ?? null,
    subcode: error?.error_subcode ?? null,
    type: error?.type ?? null,
    isTransient: error?.is_transient ?? false,
    traceId: error?.fbtrace_id ?? null,
    usage: usageHeaders(headers),
  }
}

/** `190/463`, `http_502` or `ECONNRESET`: what rows and counters keep of a failure. */
export function platformCodeOf({ code, subcode, transport, http }: GraphFailure): string {
  if (code !== null) return subcode === null ? String(code) : `${code}/${subcode}`
  return transport ?? `http_${http ?? 'none'}`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
