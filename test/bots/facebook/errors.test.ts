import { expect, it } from 'vitest'
import { z } from 'zod'
import { judge } from '../../../bots/facebook/errors.ts'
import { failureOf, GraphError } from '../../../bots/facebook/failure.ts'
import { publishError } from '../../../bots/facebook/publish-error.ts'
import { NotSentError, OutcomeUnknownError, RejectedError } from '../../../src/outbox/publisher.ts'
import { readJson } from './fixtures.ts'

const Case = z.object({
  name: z.string(),
  operation: z.string(),
  http: z.number().optional(),
  headers: z.unknown().optional(),
  body: z.unknown().optional(),
  transport: z.string().optional(),
  expect: z.object({
    class: z.string(),
    scope: z.string(),
    outcome: z.string(),
    waitSeconds: z.number().optional(),
  }),
})
const file = z.object({ cases: z.array(Case), transport: z.array(Case) }).parse(readJson('graph-errors.json'))

const now = new Date('2026-10-26T02:00:00Z')
const waits = { throttledMs: 300_000, blockedMs: 14_400_000 }

it.each([...file.cases, ...file.transport].map((one) => [one.name, one] as const))('%s', (_name, failed) => {
  const { class: kind, scope, outcome } = failed.expect

  expect(judge(failureOf(failed))).toMatchObject({ class: kind, scope, outcome })
})

const error = (code: number, error_subcode?: number, more: object = {}) => ({ error: { code, error_subcode, ...more } })

it.each([
  ['app removed', 'reply_comment', 400, error(190, 458), 'stop_alert page not_done'],
  ['checkpoint', 'reply_comment', 400, error(190, 459), 'stop_alert page not_done'],
  ['not a Page token', 'read_replies', 400, error(190, 2069032), 'stop_alert page not_done'],
  ['session', 'reply_comment', 400, error(102), 'stop_alert page not_done'],
  ['permission 10', 'reply_comment', 403, error(10), 'stop_alert page not_done'],
  ['permission 200', 'reply_comment', 403, error(200), 'stop_alert page not_done'],
  ['permission 299', 'reply_comment', 403, error(299), 'stop_alert page not_done'],
  ['permission behind 1', 'reply_comment', 500, error(1, 2853006), 'stop_alert page not_done'],
  ['terms behind 2', 'send_message', 500, error(2, 2018344), 'stop_alert page not_done'],
  ['page migrated behind 100', 'reply_comment', 400, error(100, 21), 'stop_alert page not_done'],
  ['dead endpoint', 'reply_comment', 400, error(12), 'stop_alert app not_done'],
  [
    'proof missing',
    'reply_comment',
    400,
    error(100, undefined, { type: 'GraphMethodException' }),
    'stop_alert app not_done',
  ],
  ['app throttled 341', 'reply_comment', 400, error(341), 'wait_until app not_done'],
  ['throttled 17', 'reply_comment', 400, error(17), 'wait_until page not_done'],
  ['throttled 613', 'reply_comment', 400, error(613), 'wait_until page not_done'],
  ['throttled 80099', 'reply_comment', 400, error(80099), 'wait_until page not_done'],
  ['throttled by status alone', 'reply_comment', 429, '', 'wait_until page not_done'],
  ['barred from messaging', 'send_message', 400, error(10, 1893063), 'wait_until page not_done'],
  ['spam block', 'reply_comment', 400, error(368, 1390008), 'wait_until page not_done'],
  ['blocked text in Messenger', 'send_message', 400, error(368), 'verify_first user unknown'],
  ['window, third subcode', 'send_message', 400, error(10, 2018065), 'drop user not_done'],
  ['person blocked', 'send_message', 400, error(10, 2018108), 'drop user not_done'],
  ['no such person', 'send_message', 400, error(100, 2018001), 'drop user not_done'],
  ['parameter in Messenger', 'send_message', 400, error(100), 'drop user not_done'],
  ['picture', 'reply_comment', 400, error(324), 'drop comment not_done'],
  ['link', 'reply_comment', 400, error(1609005), 'drop comment not_done'],
  ['gone, when read', 'read_comment', 400, error(100, 33), 'drop comment not_done'],
  ['person cannot be replied to', 'private_reply', 400, error(10903), 'drop comment not_done'],
  ['service unavailable', 'send_message', 503, error(2), 'verify_first user unknown'],
  ['transient read', 'read_replies', 500, error(2), 'retry_backoff page not_done'],
  ['code 1200', 'reply_comment', 400, error(1200), 'verify_first comment unknown'],
  ['transient private reply', 'private_reply', 500, error(2), 'retry_backoff comment unknown'],
  ['200 with an error', 'reply_comment', 200, error(190), 'verify_first comment unknown'],
  ['200 with an error, read', 'read_replies', 200, error(190), 'stop_alert page not_done'],
  ['200 with HTML', 'reply_comment', 200, '<html>', 'verify_first comment unknown'],
  ['403 with HTML', 'reply_comment', 403, '<html>', 'verify_first comment unknown'],
  ['redirect', 'reply_comment', 302, '', 'verify_first comment unknown'],
  ['unknown code of a 5xx', 'reply_comment', 500, error(987654), 'verify_first comment unknown'],
  [
    'unknown code said to be transient',
    'reply_comment',
    400,
    error(987654, undefined, { is_transient: true }),
    'verify_first comment unknown',
  ],
  ['code as text', 'reply_comment', 400, { error: { code: '190', error_subcode: '463' } }, 'stop_alert page not_done'],
  ['body as text', 'reply_comment', 400, '{"error":{"code":190}}', 'stop_alert page not_done'],
])('%s', (_name, operation, http, body, expected) => {
  const { class: kind, scope, outcome } = judge(failureOf({ operation, http, headers: {}, body }))

  expect(`${kind} ${scope} ${outcome}`).toBe(expected)
})

it.each([
  ['EHOSTUNREACH', 'reply_comment', 'verify_first comment unknown'],
  ['ERR_CANCELED', 'send_message', 'verify_first user unknown'],
  ['CERT_HAS_EXPIRED', 'reply_comment', 'retry_backoff app not_done'],
  ['ECONNRESET', 'read_replies', 'retry_backoff page not_done'],
  ['ECONNREFUSED', 'read_replies', 'retry_backoff app not_done'],
  ['something new', 'reply_comment', 'verify_first comment unknown'],
])('%s on %s', (transport, operation, expected) => {
  const { class: kind, scope, outcome } = judge(failureOf({ operation, transport }))

  expect(`${kind} ${scope} ${outcome}`).toBe(expected)
})

it.each([
  ['token-expired', NotSentError, { do: 'stop', reason: 'token' }],
  ['perm-283', NotSentError, { do: 'stop', reason: 'permission' }],
  ['proof-wrong', NotSentError, { do: 'stop', reason: 'app_setup' }],
  ['page-migrated-21', NotSentError, { do: 'stop', reason: 'page_migrated' }],
  ['rate-page-80001', NotSentError, { do: 'wait', untilMs: now.getTime() + 3_600_000 }],
  ['rate-regain-zero', NotSentError, { do: 'wait', untilMs: now.getTime() + waits.throttledMs }],
  ['rate-header-malformed', NotSentError, { do: 'wait', untilMs: now.getTime() + waits.throttledMs }],
  ['blocked-368-same-content', OutcomeUnknownError, { do: 'wait', untilMs: now.getTime() + waits.blockedMs }],
  ['duplicate-506', OutcomeUnknownError, { do: 'go_on' }],
  ['timeout-write', OutcomeUnknownError, { do: 'go_on' }],
  ['window-closed-2018278', RejectedError, { do: 'go_on' }],
  ['unknown-code-4xx', RejectedError, { do: 'go_on' }],
  ['refused-write', NotSentError, { do: 'go_on' }],
])('%s tells the outbox what may be done', (name, kind, advice) => {
  const failed = [...file.cases, ...file.transport].find((one) => one.name === name)
  const thrown = publishError(failureOf({ operation: '', ...failed }), now, waits)

  expect(thrown).toBeInstanceOf(kind)
  expect(thrown).toMatchObject({ advice, answered: failed?.http !== undefined })
})

it('a private reply that was made before counts as made', () => {
  const failed = file.cases.find((one) => one.name === 'private-reply-already-sent')

  expect(publishError(failureOf({ operation: '', ...failed }), now, waits)).toBeNull()
})

it('an error names codes and no words', () => {
  const body = error(190, 463, { message: 'Error validating access token EAAFAKE', fbtrace_id: 'trace' })
  const thrown = new GraphError(failureOf({ operation: 'reply_comment', http: 400, headers: {}, body }))

  expect(thrown.message).toBe('Graph did not carry out reply_comment: 190/463')
  expect(thrown.details).toEqual({
    operation: 'reply_comment',
    http: 400,
    transport: null,
    platformCode: '190/463',
    traceId: 'trace',
  })
})
