import { describe, expect, it } from 'vitest'
import { type Backfill, createBackfill } from '../../../bots/zalo/backfill.ts'
import { createKeptMessages } from '../../../bots/zalo/kept-messages.ts'
import type { ThreadKind } from '../../../bots/zalo/zca.ts'
import { until } from '../../support/until.ts'

interface Played {
  readonly backfill: Backfill
  readonly asked: ThreadKind[][]
  readonly caughtUp: number[]
  readonly unanswered: () => number
}

/** A backfill whose clock counts the questions. */
function newBackfill(
  waits: { backfillAnswerMs?: number; backfillTries?: number; backfillEveryMs?: number } = {},
): Played {
  const asked: ThreadKind[][] = []
  const caughtUp: number[] = []
  let unanswered = 0
  const backfill = createBackfill({
    ask: (threads) => asked.push([...threads]),
    caughtUp: (at) => caughtUp.push(at.getTime()),
    unanswered: () => {
      unanswered += 1
    },
    waits: { backfillAnswerMs: 60_000, backfillTries: 3, backfillEveryMs: 60_000, ...waits },
    clock: () => new Date(asked.length),
  })
  return { backfill, asked, caughtUp, unanswered: () => unanswered }
}

const kept = Promise.resolve(true)

describe('old messages', () => {
  it('count as caught up once both kinds are answered and kept', async () => {
    const { backfill, caughtUp } = newBackfill()
    const keeping = Promise.withResolvers<boolean>()
    backfill.connected()
    backfill.answered('group', keeping.promise)
    backfill.answered('user', kept)
    await kept
    expect(caughtUp).toEqual([])

    keeping.resolve(true)

    await until(() => caughtUp.length === 1)
    backfill.disconnected()
  })

  it('do not count as caught up when something had to be let go of', async () => {
    const { backfill, asked, caughtUp } = newBackfill({ backfillEveryMs: 1 })
    backfill.connected()
    backfill.answered('group', Promise.resolve(false))
    backfill.answered('user', kept)

    await until(() => asked.length >= 2)
    expect(caughtUp).toEqual([])
    backfill.disconnected()
  })

  it('asked for during a question are asked for again after it, once', async () => {
    const { backfill, asked } = newBackfill()
    backfill.connected()
    backfill.request()
    backfill.request()
    expect(asked).toHaveLength(1)

    backfill.answered('user', kept)
    backfill.answered('group', kept)

    await until(() => asked.length === 2)
    backfill.disconnected()
  })

  it('a late answer to an earlier question is not taken for the answer to a later one', async () => {
    const { backfill, asked, caughtUp } = newBackfill({ backfillAnswerMs: 30, backfillTries: 1_000 })
    backfill.connected()
    await until(() => asked.length >= 2) // patience was lost: several questions are out
    const late = asked.length - 1
    const answerBoth = (): void => {
      backfill.answered('user', kept)
      backfill.answered('group', kept)
    }
    answerBoth()
    await until(() => caughtUp.length === 1)
    expect(caughtUp).toEqual([0])

    backfill.request()
    for (let i = 0; i < late; i += 1) answerBoth() // these may belong to the earlier questions
    await kept
    expect(caughtUp).toHaveLength(1)

    answerBoth()
    await until(() => caughtUp.length === 2)
    backfill.disconnected()
  })

  it('only the kind that is not answered is asked for again', async () => {
    const { backfill, asked } = newBackfill({ backfillAnswerMs: 5, backfillTries: 1_000 })
    backfill.connected()
    backfill.answered('user', kept)

    await until(() => asked.length >= 2)
    expect(asked.slice(0, 2)).toEqual([['user', 'group'], ['group']])
    backfill.disconnected()
  })

  it('never answered make the link doubtful once; after that live messages matter more', async () => {
    const { backfill, asked, unanswered } = newBackfill({ backfillAnswerMs: 2, backfillTries: 2, backfillEveryMs: 2 })
    backfill.connected()
    await until(() => unanswered() === 1)
    backfill.disconnected()

    backfill.connected()

    await until(() => asked.length > 6)
    expect(unanswered()).toBe(1)
    backfill.disconnected()
  })

  it('are not asked for while there is no connection', () => {
    const { backfill, asked } = newBackfill()
    backfill.request()
    backfill.connected()
    backfill.disconnected()
    backfill.request()

    expect(asked).toHaveLength(1)
  })
})

describe('kept messages', () => {
  const message = (msgId: unknown, content: unknown = 'x'): object => ({ threadId: '9', data: { msgId, content } })

  it('are known again, the latest ones only', () => {
    const known = createKeptMessages(2)
    for (const id of ['1', '2', '3']) known.add(message(id))

    expect(['1', '2', '3'].map((id) => known.has(message(id)))).toEqual([false, true, true])
  })

  it('an undo with the id of the message it takes back is something else', () => {
    const known = createKeptMessages(9)
    known.add(message('1'))

    expect(known.has(message('1', { globalMsgId: 1, deleteMsg: 1 }))).toBe(false)
  })

  it('what has no id is never known', () => {
    const known = createKeptMessages(9)
    known.add({})

    expect(known.has({})).toBe(false)
  })
})
