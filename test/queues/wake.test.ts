import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WakeName } from '../../queues/definitions.ts'
import { createWake } from '../../queues/wake.ts'

/** A queue whose adds end when the test says so. */
function heldQueue(): {
  adds: { name: WakeName; end: PromiseWithResolvers<void> }[]
  add: (name: WakeName) => Promise<void>
} {
  const adds: { name: WakeName; end: PromiseWithResolvers<void> }[] = []
  return {
    adds,
    add: (name) => {
      const end = Promise.withResolvers<void>()
      adds.push({ name, end })
      return end.promise
    },
  }
}

describe('wake', () => {
  it('thousands of calls at once cost two jobs', async () => {
    const { adds, add } = heldQueue()
    const { wake } = createWake(add, () => {})
    const calls = Array.from({ length: 5_000 }, () => wake('intake'))
    expect(adds).toHaveLength(1)

    adds[0]?.end.resolve()
    await calls[0]
    expect(adds).toHaveLength(2)
    adds[1]?.end.resolve()

    await Promise.all(calls)
    expect(adds).toHaveLength(2)
  })

  it('queues do not wait for each other', () => {
    const { adds, add } = heldQueue()
    const { wake } = createWake(add, () => {})

    wake('intake')
    wake('send-zalo')
    wake('intake')

    expect(adds.map(({ name }) => name)).toEqual(['intake', 'send-zalo'])
  })

  it('a failure is reported once, reaches who awaits, harms nobody who does not, and the next call tries again', async () => {
    const { adds, add } = heldQueue()
    const reported: string[] = []
    const { wake } = createWake(add, (name, error) => reported.push(`${name}: ${String(error)}`))
    const unawaited = [wake('intake'), wake('intake')]
    expect(unawaited).toHaveLength(2)
    adds[0]?.end.reject(new Error('away'))
    await expect(unawaited[0]).rejects.toThrow('away')

    adds[1]?.end.resolve()
    await unawaited[1]
    const next = wake('intake')
    adds[2]?.end.resolve()

    await expect(next).resolves.toBeUndefined()
    expect(reported).toEqual(['intake: Error: away'])
  })

  it('settled waits for every add, also the one that follows', async () => {
    const { adds, add } = heldQueue()
    const { wake, settled } = createWake(add, () => {})
    wake('intake')
    wake('intake')
    let isSettled = false
    const waiting = settled().then(() => {
      isSettled = true
    })

    adds[0]?.end.resolve()
    await new Promise(setImmediate)
    expect(isSettled).toBe(false)
    adds[1]?.end.resolve()

    await waiting
  })

  it('however calls and answers mix, an add begins after each call, and never two at a time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('call', 'answer', 'fail'), { maxLength: 60 }), async (moves) => {
        const { adds, add } = heldQueue()
        let open = 0
        let begunAt = -1
        let time = 0
        let lastCall = -1
        const { wake } = createWake(
          (name) => {
            open += 1
            expect(open).toBe(1)
            begunAt = time
            return add(name).finally(() => {
              open -= 1
            })
          },
          () => {},
        )
        const answer = async (how: 'resolve' | 'reject'): Promise<void> => {
          adds.at(-1)?.end[how]()
          await new Promise(setImmediate)
        }
        for (const move of moves) {
          time += 1
          if (move === 'call') {
            lastCall = time
            wake('intake')
          } else await answer(move === 'answer' ? 'resolve' : 'reject')
        }
        time += 1
        await answer('resolve')
        await answer('resolve')

        expect(begunAt).toBeGreaterThanOrEqual(lastCall)
      }),
    )
  })
})
