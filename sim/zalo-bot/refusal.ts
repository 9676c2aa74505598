/** What Zalo's own page says of each code; 403 is really called that there. */
const descriptions: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Internal server error',
  404: 'Not found',
  408: 'Request timeout',
  429: 'Quota exceeded',
}

/** An answer with `ok: false`. */
export class ApiRefusal extends Error {
  readonly code: number
  constructor(code: number, description = descriptions[code] ?? 'Unknown error') {
    super(description)
    this.name = 'ApiRefusal'
    this.code = code
  }
}

export function refusalBody(code: number, description = descriptions[code] ?? 'Unknown error'): object {
  return { ok: false, error_code: code, description }
}
