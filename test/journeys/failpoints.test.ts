import { expect, inject, it } from 'vitest'
import { killEverywhere, makeTemplate } from '../../bench/soak/matrix.ts'
import { type Kill, killsAt } from '../../bench/soak/reach.ts'

/** One of each kind of step; the soak walks all of them. */
const oneOfEachKind = killsAt([
  'keep-deliveries:after',
  'receive-message:after',
  'claim-outbox:after',
  'ask-approval:after',
  'facebook-comment:after',
  'facebook-private-reply:after',
  'zalo-send:after',
  'enqueue-triage:before',
])
const room = { say: () => {} }

it.each(['postgres', 'redis'] as const)(
  'killed at any kind of step with its queues on %s, the product finishes what was asked of it exactly once',
  async (backend) => {
    const server = inject('testServer')

    const outcomes = await killEverywhere(server, await makeTemplate(server), backend, oneOfEachKind, room)

    expect(outcomes.filter(({ isGreen }) => !isGreen)).toEqual([])
    expect(outcomes).toHaveLength(oneOfEachKind.length)
  },
  900_000,
)

it('a step that the process never comes to is red', async () => {
  const server = inject('testServer')
  const kill: Kill = { failpoint: 'facebook-hide:before', scenario: 'journeys', time: 1 }

  const outcomes = await killEverywhere(server, await makeTemplate(server), 'postgres', [kill], room)

  expect(outcomes).toMatchObject([{ isGreen: false, why: 'the process never came to that step' }])
}, 600_000)
