import type { How } from '../kit/faults.ts'
import { oauthRefusal, refusal } from './openapi/answer.ts'

type Plan = Omit<How, 'delayMs' | 'answerDelayMs' | 'http' | 'headers'> & Partial<How>

const html = '<html><head><title>502 Bad Gateway</title></head><body>openresty</body></html>'
const asHtml = { 'content-type': 'text/html; charset=utf-8' }

/** Ready-made troubles for `fail({ how })`; each name says what Zalo does and what the caller sees. */
export const how = {
  resetBefore: (): How => plan({ name: 'reset-before', effect: false, ends: 'reset' }),
  hangBefore: (): How => plan({ name: 'hang-before', effect: false, ends: 'hang' }),
  doneThenReset: (): How => plan({ name: 'done-then-reset', effect: true, ends: 'reset' }),
  doneThenHang: (): How => plan({ name: 'done-then-hang', effect: true, ends: 'hang' }),
  doneThenHtml: (http = 502): How =>
    plan({ name: `done-then-${http}-html`, effect: true, ends: 'answer', http, body: html, headers: asHtml }),
  doneThenEmpty: (http = 500): How =>
    plan({ name: `done-then-${http}-empty`, effect: true, ends: 'answer', http, body: '' }),
  doneThenError: (code = -200): How =>
    plan({ name: `done-then${code}`, effect: true, ends: 'answer', body: refusal(code) }),
  okWithoutId: (effect = true): How =>
    plan({ name: 'ok-without-id', effect, ends: 'answer', body: { error: 0, message: 'Success' } }),
  /** An honest refusal with one of Zalo's codes, under HTTP 200 as Zalo does. */
  refuse: (code: number): How => plan({ name: `refuse${code}`, effect: false, ends: 'answer', body: refusal(code) }),
  refuseRefresh: (code = -14020): How =>
    plan({ name: `refuse-refresh${code}`, effect: false, ends: 'answer', body: oauthRefusal(code) }),
  html: (http = 200): How =>
    plan({ name: `html-${http}`, effect: false, ends: 'answer', http, body: html, headers: asHtml }),
  answer: (http: number, body: unknown): How =>
    plan({ name: `answer-${http}`, effect: false, ends: 'answer', http, body }),
  delay: (delayMs: number): How => plan({ name: 'delay', effect: true, ends: 'honest', delayMs }),
  /** Done at once, answered late: the own echo comes long before. */
  slowAnswer: (answerDelayMs: number): How =>
    plan({ name: 'slow-answer', effect: true, ends: 'honest', answerDelayMs }),
} as const

function plan(input: Plan): How {
  return { delayMs: 0, answerDelayMs: 0, http: 200, headers: {}, ...input }
}
