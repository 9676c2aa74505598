import type { ZaloSim } from '../../../sim/zalo/sim.ts'

/** Struck by chance as long as they last, so that none of them comes in a row. */
const CALL_CHANCE = 0.012
const FRAME_CHANCE = 0.006
/** Each holds its account until the product's own patience with a call is over. */
const HANGS = 12

/** Everything that Zalo is known to do to a send and to a frame, spread over a talk with so many questions. */
export function planTroubles(zalo: Pick<ZaloSim, 'failCalls' | 'failDeliveries'>, questions: number): void {
  const times = Math.max(1, Math.ceil(questions / 50))
  const send = { call: 'send', chance: CALL_CHANCE, times } as const
  for (const done of ['posted-reset', 'posted-500', 'reset'] as const) zalo.failCalls({ ...send, do: done })
  for (const hang of ['posted-hang', 'hang'] as const) {
    zalo.failCalls({ ...send, do: hang, times: Math.min(times, HANGS) })
  }
  zalo.failCalls({ ...send, do: 'http', status: 502 })
  zalo.failCalls({ ...send, do: 'delay', delayMs: 300 })
  for (const code of [221, 123, -69, 600, 102]) zalo.failCalls({ ...send, do: 'code', code })
  // Of an answer that is its end, and of a card: somebody else has to get it.
  zalo.failCalls({ ...send, do: 'code', code: 114, call: '/api/group/quote' })
  zalo.failCalls({ ...send, do: 'code', code: 114, textIncludes: 'Để trả lời: nhấn giữ tin này' })
  zalo.failCalls({ call: '/keepalive', chance: 0.05, times, do: 'reset' })

  const frame = { of: 'any', times: null, chance: FRAME_CHANCE } as const
  for (const what of ['duplicate', 'pair', 'reorder', 'lose', 'malformed', 'broken-element'] as const) {
    zalo.failDeliveries({ ...frame, do: what })
  }
  zalo.failDeliveries({ ...frame, do: 'delay', delayMs: 200 })
  // Only conversations between two come under this command.
  zalo.failDeliveries({ ...frame, do: 'cmd551', threads: 'direct', chance: 0.2 })
}

export const strokes = {
  'broken off': (zalo: ZaloSim, uid: string) => zalo.terminate(uid),
  'half-open': (zalo: ZaloSim, uid: string) => zalo.drop(uid),
  evicted: (zalo: ZaloSim, uid: string) => zalo.evict(uid),
  'thrown out': (zalo: ZaloSim, uid: string) => zalo.kick(uid),
  garbled: (zalo: ZaloSim, uid: string) => zalo.garble(uid),
  'a frame of nothing': (zalo: ZaloSim, uid: string) => zalo.pushBytes(uid, Buffer.from([1, 2])),
  'calls are dead': (zalo: ZaloSim, uid: string) => {
    zalo.killSessions({ account: uid, socket: 'keep' })
    return true
  },
  'the session is over': (zalo: ZaloSim, uid: string) => {
    zalo.killSessions({ account: uid, socket: 'close' })
    return true
  },
} satisfies Record<string, (zalo: ZaloSim, uid: string) => boolean>
export type Stroke = keyof typeof strokes

/** Those of an ordinary bad hour; the end of a session needs a person each time. */
const ordinary: readonly Stroke[] = [
  'broken off',
  'half-open',
  'evicted',
  'thrown out',
  'garbled',
  'a frame of nothing',
]

/** Which stroke comes after which message: so many by turns, and two ends of a session. */
export function planStrokes(messages: number, amount: number): ReadonlyMap<number, Stroke> {
  const plan = new Map<number, Stroke>()
  for (let nth = 1; nth <= amount; nth += 1) {
    const stroke = ordinary[nth % ordinary.length]
    if (stroke !== undefined) plan.set(Math.floor((messages * nth) / (amount + 1)), stroke)
  }
  plan.set(Math.floor(messages * 0.22), 'calls are dead')
  plan.set(Math.floor(messages * 0.66), 'the session is over')
  return plan
}
