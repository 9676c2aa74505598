import { describe, expect, it } from 'vitest'
import type { JobContext } from '../../queues/run.ts'
import { besideTheCrowd } from '../../queues/workers/crowd.ts'
import { EventId, newId } from '../../src/lib/ids.ts'
import { createLog } from '../../src/lib/log.ts'

const context: JobContext = {
  log: createLog('silent'),
  lane: 'live',
  attempt: 1,
  isLastAttempt: false,
  signal: AbortSignal.abort(), // nobody rests
}
const anEvent = () => ({ eventId: newId(EventId, new Date()) })

/** How many events of a crowd were under way together. */
async function together(others: boolean, isSomebodys = true): Promise<number> {
  let [now, most] = [0, 0]
  const { triage, crowd } = besideTheCrowd(async () => {
    now += 1
    most = Math.max(most, now)
    await new Promise(setImmediate)
    now -= 1
    return isSomebodys
  })
  if (others) await triage(anEvent(), context)
  await Promise.all([1, 2, 3].map(() => crowd(anEvent(), context)))
  return most
}

describe('a crowd on one account', () => {
  it('is looked at one at a time while others ask as well', async () => {
    expect(await together(true)).toBe(1)
  })

  it('is held up by nothing while nobody else asks', async () => {
    expect(await together(false)).toBe(3)
  })

  it('gives way to nobody’s echoes', async () => {
    expect(await together(true, false)).toBe(3)
  })

  it('goes on after one of them that failed', async () => {
    const failing = new Set([2])
    let runs = 0
    const { triage, crowd } = besideTheCrowd(async () => {
      runs += 1
      if (failing.has(runs)) throw new Error('planted')
      return true
    })
    await triage(anEvent(), context)

    const ended = await Promise.allSettled([crowd(anEvent(), context), crowd(anEvent(), context)])

    expect(ended.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  })
})
