import type { GraphFailure } from './failure.ts'

/** What to do about a failed call, whom it concerns, and whether the write happened. */
export interface Judgement {
  readonly class: 'retry_backoff' | 'wait_until' | 'stop_alert' | 'drop' | 'verify_first'
  readonly scope: 'app' | 'page' | 'comment' | 'user'
  readonly outcome: 'not_done' | 'unknown' | 'already_done'
  readonly meaning: Meaning
}

export type Meaning =
  | 'window_closed'
  | 'person_unavailable'
  | 'messaging_barred'
  | 'token'
  | 'permission'
  | 'migrated'
  | 'app_setup'
  | 'app_throttled'
  | 'page_throttled'
  | 'blocked'
  | 'maybe_blocked'
  | 'duplicate'
  | 'gone'
  | 'already_replied'
  | 'not_replyable'
  | 'bad_call'
  | 'in_doubt'
  | 'never_sent'

/** Codes 10, 100, 200 and 551 hold unrelated families: the subcode decides first, whatever the code beside it. */
const bySubcode: Readonly<Record<number, Meaning>> = {
  2018278: 'window_closed',
  2534022: 'window_closed', // the Instagram twin
  2018065: 'window_closed',
  2018108: 'person_unavailable',
  1545041: 'person_unavailable',
  2018001: 'person_unavailable', // no matching user
  2018218: 'person_unavailable', // no profile
  2018292: 'not_replyable', // bad comment id of a private reply
  1893063: 'messaging_barred',
  1390008: 'blocked', // "we limit how often you can post, comment or do other things"
  2853006: 'permission',
  2018344: 'permission', // terms of service not accepted
  2069032: 'token', // not a Page token
}

const byCodeAndSubcode: Readonly<Record<string, Meaning>> = {
  '100/33': 'gone', // or invisible to this token: Graph does not say which
  '100/21': 'migrated',
}

const byCode: Readonly<Record<number, Meaning>> = {
  [-1]: 'in_doubt',
  1: 'in_doubt',
  2: 'in_doubt',
  3: 'permission',
  4: 'app_throttled',
  10: 'permission',
  12: 'app_setup', // dead endpoint
  17: 'page_throttled',
  21: 'migrated',
  32: 'page_throttled',
  33: 'gone',
  100: 'bad_call',
  101: 'app_setup',
  102: 'token',
  104: 'token',
  190: 'token',
  324: 'bad_call', // picture
  341: 'app_throttled',
  368: 'maybe_blocked', // spam, a temporary block, or "already posted this"
  506: 'duplicate',
  551: 'person_unavailable',
  613: 'page_throttled',
  803: 'gone',
  1200: 'in_doubt',
  2635: 'app_setup', // dead version
  10900: 'already_replied',
  10902: 'not_replyable',
  10903: 'not_replyable',
  1609005: 'bad_call', // link
}

/** No socket was opened or the handshake failed: the call provably never reached Graph. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** Doing it twice changes nothing: a second private reply is refused, a subscription is set. */
const replayable = new Set(['private_reply', 'subscribe'])

/** Decides by code, subcode, status and socket error, never by the wording. */
export function judge(failure: GraphFailure): Judgement {
  const { operation } = failure
  const isRead = /^(read|get|list|inspect|debug)/.test(operation)
  const meaning = meaningOf(failure, isRead)
  const target = targetOf(operation)
  switch (meaning) {
    case 'window_closed':
    case 'person_unavailable':
      return { class: 'drop', scope: 'user', outcome: 'not_done', meaning }
    case 'token':
    case 'permission':
    case 'migrated':
      return { class: 'stop_alert', scope: 'page', outcome: 'not_done', meaning }
    case 'app_setup':
      return { class: 'stop_alert', scope: 'app', outcome: 'not_done', meaning }
    case 'app_throttled':
      return { class: 'wait_until', scope: 'app', outcome: 'not_done', meaning }
    case 'messaging_barred':
    case 'page_throttled':
    case 'blocked':
      return { class: 'wait_until', scope: 'page', outcome: 'not_done', meaning }
    case 'gone':
    case 'bad_call':
      return { class: 'drop', scope: target, outcome: 'not_done', meaning }
    case 'not_replyable':
      return { class: 'drop', scope: 'comment', outcome: 'not_done', meaning }
    case 'already_replied':
      return { class: 'drop', scope: 'comment', outcome: 'already_done', meaning }
    case 'never_sent':
      return { class: 'retry_backoff', scope: 'app', outcome: 'not_done', meaning }
    case 'maybe_blocked':
      return isRead
        ? { class: 'wait_until', scope: 'page', outcome: 'not_done', meaning }
        : { class: 'verify_first', scope: target, outcome: 'unknown', meaning }
    case 'duplicate':
    case 'in_doubt':
      if (isRead) return { class: 'retry_backoff', scope: 'page', outcome: 'not_done', meaning }
      return {
        class: replayable.has(operation) ? 'retry_backoff' : 'verify_first',
        scope: target,
        outcome: 'unknown',
        meaning,
      }
  }
}

function meaningOf(failure: GraphFailure, isRead: boolean): Meaning {
  const { http, transport, code, subcode, type, isTransient } = failure
  if (http === null) return neverSent.has(transport ?? '') ? 'never_sent' : 'in_doubt'
  // An error under a 2xx comes from proxies and outages: a write may have been done all the same.
  if (http < 400 && !isRead) return 'in_doubt'
  if (code === null) return http === 429 ? 'page_throttled' : 'in_doubt'
  // Neither code nor subcode tells a wrong appsecret_proof from any other parameter; the type does.
  if (code === 100 && subcode === null && type === 'GraphMethodException') return 'app_setup'
  const known = tabled(code, subcode)
  if (known !== undefined) return known
  return http >= 500 || isTransient ? 'in_doubt' : 'bad_call' // what nobody knows must never loop
}

function tabled(code: number, subcode: number | null): Meaning | undefined {
  const bySub = subcode === null ? undefined : (bySubcode[subcode] ?? byCodeAndSubcode[`${code}/${subcode}`])
  const throttled = code >= 80_000 && code <= 80_099 ? 'page_throttled' : undefined
  const forbidden = code >= 200 && code <= 299 ? 'permission' : undefined
  return bySub ?? byCode[code] ?? throttled ?? forbidden
}

function targetOf(operation: string): Judgement['scope'] {
  if (operation === 'send_message') return 'user'
  return /comment|repl/.test(operation) ? 'comment' : 'page'
}
