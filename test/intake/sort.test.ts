import { describe, expect, it } from 'vitest'
import { EventKind } from '../../src/intake/event.ts'
import { type Sorted, type Surroundings, sortEvent } from '../../src/intake/sort.ts'
import type { StoredEvent } from '../../src/intake/store.ts'
import { AccountId, EventId, newId, UnitId } from '../../src/lib/ids.ts'
import { now } from '../support/builders.ts'

function stored(given: Partial<StoredEvent> = {}): StoredEvent {
  return {
    id: newId(EventId, now),
    accountId: newId(AccountId, now),
    unitId: newId(UnitId, now),
    kind: 'message',
    lane: 2,
    occurredAt: now,
    place: { kind: 'direct', id: 'lan' },
    threadKey: 'lan',
    messageId: 'm1',
    authorId: 'lan',
    authorName: 'Nguyễn Thị Lan',
    text: 'Cho hỏi thủ tục tách hộ khẩu?',
    quotedMessageId: null,
    mentionsAccount: false,
    attachments: [],
    echoMark: null,
    address: {},
    outcome: null,
    lookedUpAt: null,
    ...given,
  }
}

function around(given: Partial<Surroundings> = {}): Surroundings {
  return { isOfficer: false, group: null, isRemoved: false, ...given }
}

const inGroup: Partial<StoredEvent> = { place: { kind: 'group', id: 'g' } }
const residents = { audience: 'residents', listen: 'when_addressed' }
const everyMessage = { audience: 'residents', listen: 'every_message' }
const officers = { audience: 'officers', listen: 'when_addressed' }

describe('whose words are these', () => {
  it.each<[string, Partial<StoredEvent>, Partial<Surroundings>, Sorted]>([
    ['a comment under our post', { kind: 'comment', place: { kind: 'post', id: 'p' } }, {}, { as: 'resident' }],
    ['a visitor’s post', { kind: 'visitor_post', place: { kind: 'post', id: 'p' } }, {}, { as: 'resident' }],
    ['a private message', {}, {}, { as: 'resident' }],
    ['an officer’s private message', {}, { isOfficer: true }, { as: 'officer' }],
    [
      'an officer who comments in public speaks as a resident',
      { kind: 'comment', place: { kind: 'post', id: 'p' } },
      { isOfficer: true },
      { as: 'resident' },
    ],
    ['an officer in the officers’ group', inGroup, { isOfficer: true, group: officers }, { as: 'officer' }],
    ['somebody unbound in the officers’ group', inGroup, { group: officers }, { as: 'nothing', outcome: 'not_bound' }],
    [
      'an officer who asks in the residents’ group speaks as a resident',
      { ...inGroup, mentionsAccount: true },
      { isOfficer: true, group: residents },
      { as: 'resident' },
    ],
    ['a group nobody told us about', inGroup, {}, { as: 'nothing', outcome: 'unknown_group' }],
    ['talk among residents', inGroup, { group: residents }, { as: 'nothing', outcome: 'not_addressed' }],
    ['residents who mention us', { ...inGroup, mentionsAccount: true }, { group: residents }, { as: 'resident' }],
    ['a group in which every message counts', inGroup, { group: everyMessage }, { as: 'resident' }],
    ['our own words coming back', { kind: 'echo' }, {}, { as: 'echo' }],
    ['our own words in a group we do not know', { ...inGroup, kind: 'echo' }, {}, { as: 'echo' }],
    ['a comment that was removed', { kind: 'comment_remove' }, {}, { as: 'removal' }],
    ['a message that was taken back', { kind: 'message_remove' }, {}, { as: 'removal' }],
    ['a post that was removed', { kind: 'post_remove' }, {}, { as: 'removal' }],
    ['an edited comment', { kind: 'comment_edit' }, {}, { as: 'edit' }],
    ['an edited message', { kind: 'message_edit' }, {}, { as: 'edit' }],
    ['a pressed button', { kind: 'postback' }, {}, { as: 'nothing', outcome: 'postback' }],
    ['a question taken back before we looked', {}, { isRemoved: true }, { as: 'nothing', outcome: 'removed_before' }],
    [
      'an officer’s message taken back before we looked is not carried out',
      {},
      { isOfficer: true, isRemoved: true },
      { as: 'nothing', outcome: 'removed_before' },
    ],
  ])('%s', (_what, event, surroundings, sorted) => {
    expect(sortEvent(stored(event), around(surroundings))).toEqual(sorted)
  })

  it('every kind of event is sorted somehow', () => {
    for (const kind of EventKind.options) expect(sortEvent(stored({ kind }), around()).as).toMatch(/^\w+$/)
  })
})

describe('a resident addresses us in a group by a hashtag', () => {
  const sortText = (text: string | null): Sorted =>
    sortEvent(stored({ ...inGroup, text }), around({ group: residents }))

  it.each([
    '#hoi bao giờ có nước?',
    '#hỏi bao giờ có nước?',
    '#HỎI bao giờ có nước?',
    '#hỏi: bao giờ có nước?',
    'Bao giờ có nước #hoi',
    'Bao giờ có nước, #hỏi.',
    '#phananh đường hỏng',
    '#phản_ánh đường hỏng',
    '#phảnánh đường hỏng',
    'Xã ơi\n#hoi khi nào có nước',
    '#hỏi'.normalize('NFD'),
  ])('"%s"', (text) => {
    expect(sortText(text)).toEqual({ as: 'resident' })
  })

  it.each([
    'Mai đi họp #hoihop nhé',
    'hoi bao giờ có nước',
    'abc#hoi',
    '# hoi',
    '#hoicho',
    'Bao giờ có nước?',
    '',
    null,
  ])('"%s" does not', (text) => {
    expect(sortText(text)).toEqual({ as: 'nothing', outcome: 'not_addressed' })
  })
})
