import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Action,
  type Circumstances,
  decide,
  type Happening,
  type Link,
  unlinked,
} from '../../../bots/zalo/supervision.ts'

const second = 1_000
const waits = {
  reconnectMinMs: 2 * second,
  reconnectMaxMs: 60 * second,
  steadyMs: 15 * second,
  attemptsBeforeLogin: 5,
  evictedWaitMs: 60 * second,
  evictedWindowMs: 600 * second,
}

/** Plays happenings, `at` seconds apart from the start, and returns what was done at each. */
function play(happenings: readonly [at: number, Happening][], random = 0): { link: Link; done: string[][] } {
  let link: Link = unlinked
  const done = happenings.map(([at, happening]) => {
    const decision = decide(link, happening, { at: at * second, random, waits } satisfies Circumstances)
    link = decision.link
    return decision.actions.map(readable)
  })
  return { link, done }
}

function readable(action: Action): string {
  if (action.do === 'wait') return `wait ${action.ms / second}`
  return action.do === 'tell' ? `tell ${action.state} ${action.reason}` : action.do
}

const up: [number, Happening][] = [
  [0, { is: 'start' }],
  [1, { is: 'logged_in' }],
  [2, { is: 'opened' }],
]

describe('the connection', () => {
  it('logs in, opens, and comes back after a break of a steady link as soon as it may', () => {
    const { done } = play([
      ...up,
      [100, { is: 'closed', code: 1006 }],
      [102, { is: 'wait_over' }],
      [103, { is: 'opened' }],
    ])

    expect(done).toEqual([
      ['login'],
      ['open'],
      ['tell connected opened'],
      ['tell reconnecting closed_1006', 'wait 2'],
      ['open'],
      ['tell connected opened'],
    ])
  })

  it('waits longer with every short-lived attempt, then logs in anew', () => {
    const attempts = [3, 6, 12, 30, 60].flatMap((at): [number, Happening][] => [
      [at, { is: 'closed', code: 1006 }],
      [at + 1, { is: 'wait_over' }],
    ])
    const { done } = play([...up, ...attempts])

    expect(done.slice(3).flat()).toEqual([
      'tell reconnecting closed_1006',
      ...['wait 2', 'open', 'wait 4', 'open', 'wait 8', 'open', 'wait 16', 'open', 'wait 32', 'login'],
    ])
  })

  it('never waits less than the shortest nor more than the longest pause', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.double({ min: 0, max: 0.999, noNaN: true }), (failures, random) => {
        const link: Link = { ...unlinked, socket: 'open', session: 'good', openedAt: 0, failures }
        const { actions } = decide(link, { is: 'closed', code: 1006 }, { at: 1, random, waits })
        const wait = actions.find((action) => action.do === 'wait')

        expect(wait?.ms).toBeGreaterThanOrEqual(waits.reconnectMinMs)
        expect(wait?.ms).toBeLessThanOrEqual(waits.reconnectMaxMs)
      }),
    )
  })

  it.each([1000, 1001, 1005, 1011, 4999])(
    'closed by the other side with %i, which it did not ask for, is no end: it comes back',
    (code) => {
      const { done } = play([...up, [100, { is: 'closed', code }], [102, { is: 'wait_over' }]])

      expect(done.slice(3)).toEqual([[`tell reconnecting closed_${code}`, 'wait 2'], ['open']])
    },
  )

  it('is cut when it is silent, and waits for its end before it starts again', () => {
    const { done } = play([...up, [50, { is: 'silent' }], [50, { is: 'silent' }], [51, { is: 'closed', code: 1006 }]])

    expect(done.slice(3)).toEqual([['cut'], [], ['tell reconnecting closed_1006', 'wait 2']])
  })

  it.each([3000, 3003])('evicted by %i stays away for a minute, the next time for two, and tells a person', (code) => {
    const { done } = play([
      ...up,
      [100, { is: 'closed', code }],
      [160, { is: 'wait_over' }],
      [161, { is: 'opened' }],
      [200, { is: 'closed', code }],
      [320, { is: 'wait_over' }],
    ])

    expect(done.slice(3)).toEqual([
      [`tell reconnecting evicted_${code}`, 'check_session', 'wait 60'],
      ['open'],
      ['tell connected opened'],
      [`tell evicted evicted_${code}`, 'check_session', 'wait 120'],
      ['open'],
    ])
  })

  it('forgets an eviction that is long past', () => {
    const { done } = play([
      ...up,
      [100, { is: 'closed', code: 3000 }],
      [160, { is: 'wait_over' }],
      [161, { is: 'opened' }],
      [800, { is: 'closed', code: 3000 }],
    ])

    expect(done.at(-1)).toEqual(['tell reconnecting evicted_3000', 'check_session', 'wait 60'])
  })

  it('a login that becomes due while evicted does not shorten the stay away', () => {
    const { done } = play([
      ...up,
      [100, { is: 'closed', code: 3003 }],
      [101, { is: 'session_refused', code: '600' }],
      [102, { is: 'logged_in' }],
    ])

    expect(done.slice(4)).toEqual([['cancel_wait', 'login'], ['wait 58']])
  })

  it('thrown out before it was open finds out by a login', () => {
    const { done } = play([
      [0, { is: 'start' }],
      [1, { is: 'logged_in' }],
      [2, { is: 'closed', code: 3003 }],
      [4, { is: 'wait_over' }],
      [5, { is: 'login_failed', why: 'dead', code: '102' }],
    ])

    expect(done.slice(2).flat()).toEqual([
      'tell reconnecting closed_3003',
      'wait 2',
      'login',
      'tell needs_qr session_dead_102',
    ])
  })
})

describe('the session', () => {
  it('refused by a call is renewed while the old socket still receives, which then makes way', () => {
    const { done } = play([
      ...up,
      [50, { is: 'session_refused', code: '600' }],
      [51, { is: 'session_refused', code: '600' }],
      [52, { is: 'logged_in' }],
      [53, { is: 'closed', code: 1000 }],
      [54, { is: 'opened' }],
    ])

    expect(done.slice(3)).toEqual([['login'], [], ['close'], ['open'], []])
  })

  it('that is over keeps the socket that still receives and does not come back after it', () => {
    const { done } = play([
      ...up,
      [50, { is: 'session_refused', code: '600' }],
      [51, { is: 'login_failed', why: 'dead', code: '102' }],
      [900, { is: 'closed', code: 1006 }],
    ])

    expect(done.slice(3)).toEqual([['login'], ['tell needs_qr session_dead_102'], []])
  })

  it('that Zalo keeps refusing with another code is reported as suspended and tried on', () => {
    const tries = [2, 4, 8, 16, 32].flatMap((at): [number, Happening][] => [
      [at, { is: 'login_failed', why: 'refused', code: '130' }],
      [at + 1, { is: 'wait_over' }],
    ])
    const { done } = play([[0, { is: 'start' }], ...tries])

    expect(done.flat()).toEqual([
      'login',
      'tell reconnecting login_refused_130',
      ...['wait 2', 'login', 'wait 4', 'login', 'wait 8', 'login', 'wait 16', 'login'],
      'tell suspended login_refused_130',
      ...['wait 32', 'login'],
    ])
  })

  it('a network that is away is never taken for a dead session', () => {
    const { link } = play([
      [0, { is: 'start' }],
      ...Array.from({ length: 50 }, (_, round): [number, Happening][] => [
        [round * 100, { is: 'login_failed', why: 'failed', code: 'ECONNREFUSED' }],
        [round * 100 + 60, { is: 'wait_over' }],
      ]).flat(),
    ])

    expect(link).toMatchObject({ session: 'unknown', told: 'reconnecting' })
  })
})

describe('stopping', () => {
  it.each<[string, [number, Happening][], string[][]]>([
    [
      'while connected',
      [...up, [9, { is: 'stop' }], [10, { is: 'closed', code: 1000 }]],
      [['cancel_wait', 'close'], ['done']],
    ],
    [
      'while logging in',
      [
        [0, { is: 'start' }],
        [1, { is: 'stop' }],
        [2, { is: 'logged_in' }],
      ],
      [['cancel_wait'], ['done']],
    ],
    ['while waiting', [...up, [3, { is: 'closed', code: 1006 }], [4, { is: 'stop' }]], [['cancel_wait', 'done']]],
    ['before anything', [[0, { is: 'stop' }]], [['cancel_wait', 'done']]],
  ])('%s ends without a new start', (_what, happenings, expected) => {
    expect(play(happenings).done.slice(-expected.length)).toEqual(expected)
  })
})

describe('in any order of events', () => {
  it('there is never a second socket, something is always under way, and a stop always ends', () => {
    const happening = fc.constantFrom<Happening>(
      { is: 'logged_in' },
      { is: 'login_failed', why: 'failed', code: 'x' },
      { is: 'login_failed', why: 'refused', code: '130' },
      { is: 'login_failed', why: 'dead', code: '102' },
      { is: 'opened' },
      { is: 'closed', code: 1006 },
      { is: 'closed', code: 3000 },
      { is: 'silent' },
      { is: 'session_refused', code: '600' },
      { is: 'wait_over' },
    )
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
        let { link, actions } = decide(unlinked, { is: 'start' }, { at: 0, random: 0.5, waits })
        let sockets = 0
        let logins = 0
        let waiting = false
        const carryOut = (todo: readonly Action[]): void => {
          for (const action of todo) {
            if (action.do === 'open') sockets += 1
            if (action.do === 'login') logins += 1
            if (action.do === 'wait') waiting = true
            if (action.do === 'cancel_wait') waiting = false
          }
          expect(sockets).toBeLessThanOrEqual(1)
          expect(logins).toBeLessThanOrEqual(1)
        }
        carryOut(actions)
        happenings.forEach((next, index) => {
          // only what can happen: a login ends once, a socket closes once, a wait ends while there is one
          if (next.is === 'wait_over' && !waiting) return
          if ((next.is === 'logged_in' || next.is === 'login_failed') && logins === 0) return
          if ((next.is === 'closed' || next.is === 'opened') && sockets === 0) return
          if (next.is === 'wait_over') waiting = false
          if (next.is === 'logged_in' || next.is === 'login_failed') logins -= 1
          if (next.is === 'closed') sockets -= 1
          ;({ link, actions } = decide(link, next, { at: index * 700, random: 0.5, waits }))
          carryOut(actions)
          expect(sockets > 0 || logins > 0 || waiting || link.session === 'dead', 'it goes on').toBe(true)
        })

        const endings: Happening[] = [{ is: 'stop' }]
        if (logins > 0) endings.push({ is: 'logged_in' })
        if (sockets > 0) endings.push({ is: 'closed', code: 1000 })
        let last: readonly Action[] = []
        for (const ending of endings) ({ link, actions: last } = decide(link, ending, { at: 1e6, random: 0.5, waits }))
        expect(last.map((action) => action.do)).toContain('done')
      }),
    )
  })
})
