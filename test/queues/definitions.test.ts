import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { definitionOf, queueNames, queues } from '../../queues/definitions.ts'
import { steps } from '../../src/lib/failpoint.ts'
import { CaseId, EventId, newId, OutboxId } from '../../src/lib/ids.ts'
import { Lane, lanes } from '../../src/lib/lane.ts'

const at = new Date('2026-11-24T08:00:00Z')
const ids = { eventId: newId(EventId, at), caseId: newId(CaseId, at), outboxId: newId(OutboxId, at) }

describe('lanes', () => {
  it('a call for help comes first and a bulk import last', () => {
    expect(lanes).toEqual({ urgent: 1, live: 2, acknowledgements: 3, backfill: 4, bulk: 5 })
    expect(Object.keys(lanes)).toEqual(Lane.options)
  })
})

describe('queues', () => {
  it('the list of names is the list of definitions', () => {
    expect(queueNames).toEqual(Object.keys(queues))
  })

  it.each(queueNames)('%s takes ids and nothing else', (name) => {
    const { payload } = definitionOf(name)
    const shape = z.toJSONSchema(payload, { io: 'input' })

    expect(shape).toMatchObject({ type: 'object', additionalProperties: false })
    for (const field of Object.values(shape.properties ?? {})) expect(field).toMatchObject({ format: 'uuid' })
  })

  it('no two jobs that differ share a deduplication id, and none holds a colon', () => {
    const seen = [
      queues.intake.dedupe({}),
      queues.lookup.dedupe({ eventId: ids.eventId }),
      queues.triage.dedupe({ eventId: ids.eventId }),
      queues.crowd.dedupe({ eventId: ids.eventId }),
      queues.files.dedupe({ eventId: ids.eventId }),
      queues.triage.dedupe({ eventId: newId(EventId, at) }),
      queues.route.dedupe({ caseId: ids.caseId }),
      queues['send-facebook'].dedupe({}),
      queues['send-zalo'].dedupe({}),
      queues['send-zalo-bot'].dedupe({}),
      queues['send-zalo-oa'].dedupe({}),
      queues.reconcile.dedupe({ outboxId: ids.outboxId }),
      queues.sweep.dedupe({}),
    ]

    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length)
    expect(seen.filter(({ id }) => id.includes(':'))).toEqual([])
    expect(seen.every((one) => one.keepLastIfActive)).toBe(true)
  })

  it('every hand-over that a fault run can interrupt belongs to one queue', () => {
    const handOvers = steps.filter((step) => step.startsWith('enqueue-'))

    expect(queueNames.map((name) => queues[name].step).filter((step) => step !== null)).toEqual(handOvers)
  })

  it('a wake that waits for its retry is back before the next sweep', () => {
    for (const name of ['intake', 'send-facebook', 'send-zalo', 'send-zalo-bot', 'send-zalo-oa', 'sweep'] as const) {
      expect(queues[name].retry.maxDelayMs * queues[name].retry.attempts).toBeLessThan(60_000)
    }
  })
})
