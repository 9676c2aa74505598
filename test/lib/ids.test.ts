import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AnswerId, CaseId, EventId, newId, OutboxId } from '../../src/lib/ids.ts'

const instant = fc.date({
  min: new Date('1970-01-01T00:00:00Z'),
  max: new Date('2200-01-01T00:00:00Z'),
  noInvalidDate: true,
})

describe('newId', () => {
  it('is a UUID of version 7 and variant 2', () => {
    fc.assert(
      fc.property(instant, (now) => {
        expect(newId(CaseId, now)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      }),
    )
  })

  it('of two ids the one made earlier sorts first', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 10 ** 9 }), (first, later) => {
        const second = new Date(first.getTime() + later)
        expect(newId(EventId, first) < newId(EventId, second)).toBe(true)
      }),
    )
  })

  it('the moment can be read back from the first twelve digits', () => {
    const now = new Date('2026-03-02T02:00:00.123Z')

    const digits = newId(OutboxId, now).replaceAll('-', '').slice(0, 12)

    expect(Number.parseInt(digits, 16)).toBe(now.getTime())
  })

  it('ten thousand of one millisecond are all different', () => {
    const now = new Date('2026-03-02T02:00:00Z')

    const ids = new Set(Array.from({ length: 10_000 }, () => newId(AnswerId, now)))

    expect(ids.size).toBe(10_000)
  })
})

describe('ids from outside', () => {
  it.each(['', 'abc', '122104200000000101', "'; drop table cases; --", '0190-1', '{}'])('"%s" is no id', (text) => {
    expect(CaseId.safeParse(text).success).toBe(false)
  })

  it('ids of two nouns cannot be swapped', () => {
    const takesCase = (id: CaseId): string => id
    const eventId = newId(EventId, new Date('2026-03-02T02:00:00Z'))

    // @ts-expect-error an event's id is no case's id
    expect(takesCase(eventId)).toBe(eventId)
  })
})
