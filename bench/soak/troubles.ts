import { how } from '../../sim/facebook/how.ts'
import type { FacebookSim } from '../../sim/facebook/simulator.ts'

const comments = { method: 'POST', path: /\/comments$/ } as const
const readBacks = { method: 'GET', path: /\/comments$/ } as const

/** Struck by chance as long as they last, so that none of them comes in a row. */
const CHANCE = 0.015
/** Each holds its Page until the product's own patience with a call is over. */
const HANGS = 15

/** Everything that Graph is known to do to a public reply, spread over about so many of them. */
export function planTroubles(facebook: Pick<FacebookSim, 'fail'>, replies: number): void {
  const times = Math.max(1, Math.ceil(replies / 100))
  const done = [
    how.createThenReset(),
    how.createThenHtml(502),
    how.createThenEmpty(500),
    how.createThenError(1),
    how.createThenError(2),
    how.createThenCleanError(),
    how.okWithError(true),
    how.okWithoutId(true),
    how.nearLimit(96),
    how.slowAnswer(150),
  ]
  const notDone = [
    how.resetBefore(),
    how.answer(503, '<html><body>Service Unavailable</body></html>', { 'content-type': 'text/html' }),
    how.refuse(1, undefined, { http: 500 }),
    how.refuse(2, undefined, { http: 500 }),
    how.okWithError(false),
    how.refuse(4),
    how.refuse(17),
    how.refuse(32),
    how.refuse(613),
  ]
  for (const trouble of [...done, ...notDone]) facebook.fail({ match: comments, chance: CHANCE, times, how: trouble })
  for (const trouble of [how.createThenHang(), how.hangBefore()])
    facebook.fail({ match: comments, chance: CHANCE, times: Math.min(times, HANGS), how: trouble })
  // A block is told once; the Page keeps still until it is over.
  facebook.fail({ match: comments, skip: Math.floor(replies / 2), how: how.refuse(368) })
  for (const trouble of [how.resetBefore(), how.refuse(2, undefined, { http: 500 }), how.refuse(32)])
    facebook.fail({ match: readBacks, chance: CHANCE, times, how: trouble })
}
