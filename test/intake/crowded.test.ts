import { expect, it } from 'vitest'
import { crowdedOf } from '../../src/intake/crowded.ts'
import { AccountId, EventId, newId } from '../../src/lib/ids.ts'

const now = new Date('2026-03-02T02:00:00Z')
const stormy = newId(AccountId, now)
const quiet = newId(AccountId, now)
const eventsOf = (accountId: AccountId, amount: number) =>
  Array.from({ length: amount }, () => ({ id: newId(EventId, now), accountId, lane: 2 }))

it.each([
  ['what one account may have waiting goes in among all others', 20, 0, 0],
  ['what comes on top lets the others pass', 25, 0, 5],
  ['what waits from before counts', 25, 10, 15],
  ['an account in a crowd adds nothing to those in front', 5, 300, 5],
])('%s', (_fact, amount, before, crowded) => {
  const events = eventsOf(stormy, amount)

  const found = crowdedOf(events, new Map([[stormy, before + amount]]))

  expect(found).toEqual(new Set(events.slice(amount - crowded).map(({ id }) => id)))
})

it('the crowd of one account is nothing to another', () => {
  const [storm, question] = [eventsOf(stormy, 1_000), eventsOf(quiet, 1)]

  const found = crowdedOf(
    [...storm, ...question],
    new Map([
      [stormy, 1_000],
      [quiet, 1],
    ]),
  )

  expect(found.size).toBe(980)
  expect(found.has(question[0]?.id ?? newId(EventId, now))).toBe(false)
})
