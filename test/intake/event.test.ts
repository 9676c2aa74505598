import { describe, expect, it } from 'vitest'
import { Attachment, IgnoredItem, InboundEvent, Place, Platform } from '../../src/intake/event.ts'
import { inbound } from '../support/builders.ts'

describe('the normalised event', () => {
  it('is what builders make', () => {
    expect(InboundEvent.parse(inbound())).toMatchObject({ kind: 'comment' })
  })

  it.each<[string, Record<string, unknown>]>([
    ['an id that went through a number', { messageId: 122_104 }],
    ['a date as text', { occurredAt: '2026-03-02T02:00:00Z' }],
    ['an invalid date', { occurredAt: new Date('x') }],
    ['a place nobody knows', { place: { kind: 'story', id: '1' } }],
    ['a kind nobody knows', { kind: 'applause' }],
    ['an address that is no object', { address: 'comment' }],
    ['no key', { dedupeKey: undefined }],
  ])('%s is refused', (_what, given) => {
    expect(InboundEvent.safeParse({ ...inbound(), ...given }).success).toBe(false)
  })

  it('an attachment without a name has none', () => {
    expect(Attachment.parse({ kind: 'photo', url: null })).toEqual({ kind: 'photo', url: null, name: null })
  })

  it('four platforms and three kinds of place', () => {
    expect(Platform.options).toEqual(['facebook', 'zalo', 'zalo_bot', 'zalo_oa'])
    expect(Place.shape.kind.options).toEqual(['post', 'group', 'direct'])
  })

  it('what is ignored says why', () => {
    expect(IgnoredItem.safeParse({ kind: 'ignored' }).success).toBe(false)
  })
})
