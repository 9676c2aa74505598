import { describe, expect, it } from 'vitest'
import type { RawDelivery } from '../../../bots/bot.ts'
import { createHandOver } from '../../../bots/zalo/hand-over.ts'
import { untilDone } from '../../../src/lib/until-done.ts'
import { until } from '../../support/until.ts'

const waits = { keepRetryMinMs: 1, keepRetryMaxMs: 4, keepAtOnce: 2, heldAtMost: 5 }
const delivery = (name: string): RawDelivery => ({ accountExternalId: '1', body: Buffer.from(name) })

function handOverTo(keep: (name: string) => Promise<void>, more: Partial<typeof waits> = {}) {
  const seen = { errors: 0, missed: 0 }
  const handOver = createHandOver({
    keep: ({ body }) => keep(body.toString()),
    waits: { ...waits, ...more },
    onError: () => {
      seen.errors += 1
    },
    onMissed: () => {
      seen.missed += 1
    },
  })
  return { handOver, seen }
}

describe('handing over', () => {
  it('what fails goes to the end, so that one bad delivery holds nobody up', async () => {
    const kept: string[] = []
    const { handOver } = handOverTo(async (name) => {
      if (name === 'bad') throw new Error('never')
      kept.push(name)
    })
    void handOver.push(delivery('bad'), 'live')

    const results = await Promise.all(['a', 'b', 'c'].map((name) => handOver.push(delivery(name), 'live')))

    expect(results).toEqual([true, true, true])
    expect(kept).toEqual(['a', 'b', 'c'])
    expect(await handOver.close(5)).toBe(1)
  })

  it('live messages go before old ones', async () => {
    const order: string[] = []
    const first = Promise.withResolvers<void>()
    const { handOver } = handOverTo(
      async (name) => {
        order.push(name)
        if (name === 'first') await first.promise
      },
      { keepAtOnce: 1 },
    )
    const all = [
      handOver.push(delivery('first'), 'backfill'),
      handOver.push(delivery('old'), 'backfill'),
      handOver.push(delivery('live'), 'live'),
    ]
    first.resolve()

    await Promise.all(all)
    expect(order).toEqual(['first', 'live', 'old'])
  })

  it('more than fits is let go of and told once the rest is kept', async () => {
    let isDown = true
    const { handOver, seen } = handOverTo(async () => {
      if (isDown) throw new Error('away')
    })
    const results = Array.from({ length: 8 }, (_, index) => handOver.push(delivery(String(index)), 'live'))
    await until(() => seen.errors > 2)
    expect(seen.missed).toBe(0)

    isDown = false

    expect((await Promise.all(results)).filter(Boolean)).toHaveLength(5)
    expect(seen.missed).toBe(1)
  })

  it('nothing held is nothing to wait for at the end', async () => {
    const { handOver } = handOverTo(async () => {})
    await handOver.push(delivery('a'), 'live')

    expect(await handOver.close(60_000)).toBe(0)
  })

  it('a sink that never answers does not hold up the end', async () => {
    const { handOver } = handOverTo(() => new Promise(() => {}))
    void handOver.push(delivery('a'), 'live')

    expect(await handOver.close(5)).toBe(1)
  })
})

describe('until done', () => {
  it('repeats until it succeeds', async () => {
    let tries = 0
    const work = async (): Promise<void> => {
      tries += 1
      if (tries < 4) throw new Error('not yet')
    }

    expect(await untilDone(work, waits, { signal: new AbortController().signal, onError: () => {} })).toBe(true)
    expect(tries).toBe(4)
  })

  it('ends when it is not wanted any more', async () => {
    const end = new AbortController()
    const work = async (): Promise<void> => {
      throw new Error('never')
    }

    expect(await untilDone(work, waits, { signal: end.signal, onError: () => end.abort() })).toBe(false)
  })
})
