import { expect, inject, it } from 'vitest'
import { killEverywhere, makeTemplate } from '../../bench/soak/matrix.ts'

/** One of each kind of step; the soak walks all of them. */
const oneOfEachKind = [
  'keep-deliveries:after',
  'receive-message:after',
  'claim-outbox:after',
  'facebook-comment:after',
  'zalo-send:after',
  'enqueue-triage:before',
]

it.each(['postgres', 'redis'] as const)(
  'killed at any kind of step with its queues on %s, the product finishes the three journeys exactly once',
  async (backend) => {
    const server = inject('testServer')

    const outcomes = await killEverywhere(server, await makeTemplate(server), backend, oneOfEachKind, { say: () => {} })

    expect(outcomes.filter(({ isGreen }) => !isGreen)).toEqual([])
    expect(outcomes).toHaveLength(oneOfEachKind.length)
  },
  600_000,
)
