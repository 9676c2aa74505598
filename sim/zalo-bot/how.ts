import type { How } from '../kit/faults.ts'
import { refusalBody } from './refusal.ts'

type Plan = Omit<How, 'delayMs' | 'answerDelayMs' | 'http' | 'headers'> & Partial<How>

const html = '<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>'
const htmlHeaders = { 'content-type': 'text/html; charset=utf-8' }

/** Ready-made troubles for `failCalls({ how })`; each name says what Zalo does and what the caller sees. */
export const how = {
  resetBefore: (): How => plan({ name: 'reset-before', effect: false, ends: 'reset' }),
  hangBefore: (): How => plan({ name: 'hang-before', effect: false, ends: 'hang' }),
  doneThenReset: (): How => plan({ name: 'done-then-reset', effect: true, ends: 'reset' }),
  doneThenHang: (): How => plan({ name: 'done-then-hang', effect: true, ends: 'hang' }),
  doneThenHtml: (http = 502): How =>
    plan({ name: `done-then-${http}-html`, effect: true, ends: 'answer', http, body: html, headers: htmlHeaders }),
  /** A clean refusal although the message stands there. */
  doneThenRefused: (code = 403): How =>
    plan({ name: `done-then-${code}`, effect: true, ends: 'answer', body: refusalBody(code) }),
  doneWithoutId: (): How =>
    plan({ name: 'done-without-id', effect: true, ends: 'answer', body: { ok: true, result: {} } }),
  /** An honest refusal: nothing was done. Zalo says it in the body; the status may be 200 or the same number. */
  refuse: (code: number, more: { http?: number; headers?: Record<string, string> } = {}): How =>
    plan({ name: `refuse-${code}`, effect: false, ends: 'answer', body: refusalBody(code), ...more }),
  html: (http = 502): How =>
    plan({ name: `html-${http}`, effect: false, ends: 'answer', http, body: html, headers: htmlHeaders }),
  answer: (http: number, body: unknown, headers: Record<string, string> = {}): How =>
    plan({ name: `answer-${http}`, effect: false, ends: 'answer', http, body, headers }),
  delay: (delayMs: number): How => plan({ name: 'delay', effect: true, ends: 'honest', delayMs }),
  slowAnswer: (answerDelayMs: number): How =>
    plan({ name: 'slow-answer', effect: true, ends: 'honest', answerDelayMs }),
} as const

function plan(input: Plan): How {
  return { delayMs: 0, answerDelayMs: 0, http: 200, headers: {}, ...input }
}
