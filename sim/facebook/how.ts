import type { How } from '../kit/faults.ts'
import { graphErrorBody } from './graph/refusal.ts'

type Plan = Omit<How, 'delayMs' | 'answerDelayMs' | 'http' | 'headers'> & Partial<How>

const html502 = '<html><head><title>Facebook | Error</title></head><body>Sorry, something went wrong.</body></html>'

/** Ready-made troubles for `fail({ how })`; each name says what Graph does and what the caller sees. */
export const how = {
  resetBefore: (): How => plan({ name: 'reset-before', effect: false, ends: 'reset' }),
  hangBefore: (): How => plan({ name: 'hang-before', effect: false, ends: 'hang' }),
  createThenHang: (): How => plan({ name: 'create-then-hang', effect: true, ends: 'hang' }),
  createThenReset: (): How => plan({ name: 'create-then-reset', effect: true, ends: 'reset' }),
  createThenHtml: (http = 502): How =>
    plan({
      name: `create-then-${http}-html`,
      effect: true,
      ends: 'answer',
      http,
      body: html502,
      headers: { 'content-type': 'text/html; charset=utf-8' },
    }),
  createThenEmpty: (http = 500): How =>
    plan({ name: `create-then-${http}-empty`, effect: true, ends: 'answer', http, body: '' }),
  createThenError: (code = 2, subcode?: number, http = 500): How =>
    plan({ name: `create-then-${code}`, effect: true, ends: 'answer', http, body: graphErrorBody(code, subcode) }),
  /** A clean refusal although the comment stands there: seen in production. */
  createThenCleanError: (): How =>
    plan({ name: 'create-then-20', effect: true, ends: 'answer', http: 400, body: graphErrorBody(20, 1772107) }),
  /** An honest refusal: nothing was done. */
  refuse: (code: number, subcode?: number, more: { http?: number; headers?: Record<string, string> } = {}): How =>
    plan({
      name: subcode ? `refuse-${code}-${subcode}` : `refuse-${code}`,
      effect: false,
      ends: 'answer',
      http: more.http ?? 400,
      body: graphErrorBody(code, subcode),
      headers: more.headers ?? {},
    }),
  /** Any answer without effect, e.g. HTML from a proxy. */
  answer: (http: number, body: unknown, headers: Record<string, string> = {}): How =>
    plan({ name: `answer-${http}`, effect: false, ends: 'answer', http, body, headers }),
  okWithError: (effect = false): How =>
    plan({ name: 'ok-with-error', effect, ends: 'answer', http: 200, body: graphErrorBody(2) }),
  okWithoutId: (effect = true): How => plan({ name: 'ok-without-id', effect, ends: 'answer', http: 200, body: {} }),
  delay: (delayMs: number): How => plan({ name: 'delay', effect: true, ends: 'honest', delayMs }),
  /** Done at once, answered late: the own webhook comes long before. */
  slowAnswer: (answerDelayMs: number): How =>
    plan({ name: 'slow-answer', effect: true, ends: 'honest', answerDelayMs }),
  /** Done and answered as always, with the word that the app's calls are nearly used up. */
  nearLimit: (percent = 96): How =>
    plan({
      name: `near-limit-${percent}`,
      effect: true,
      ends: 'honest',
      headers: { 'x-app-usage': JSON.stringify({ call_count: percent, total_time: 20, total_cputime: 20 }) },
    }),
  throttled: (pageId: string, minutes: number): How =>
    plan({
      name: 'throttled',
      effect: false,
      ends: 'answer',
      http: 400,
      body: graphErrorBody(80001),
      headers: {
        'x-business-use-case-usage': JSON.stringify({
          [pageId]: [
            {
              type: 'pages',
              call_count: 120,
              total_cputime: 80,
              total_time: 90,
              estimated_time_to_regain_access: minutes,
            },
          ],
        }),
      },
    }),
} as const

function plan(input: Plan): How {
  return { delayMs: 0, answerDelayMs: 0, http: 200, headers: {}, ...input }
}
