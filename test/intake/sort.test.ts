import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ListenMode } from '../../src/accounts/groups.ts'
import { EventKind } from '../../src/intake/event.ts'
import { type GroupAround, type Sorted, type Surroundings, sortEvent } from '../../src/intake/sort.ts'
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
function groupOf(given: Partial<GroupAround> = {}): GroupAround {
  return {
    audience: 'residents',
    listen: 'when_addressed',
    keywords: [],
    isTheirs: false,
    quotes: null,
    continues: false,
    accountName: 'Mặt trận xã',
    ...given,
  }
}

const residents = groupOf()
const everyMessage = groupOf({ listen: 'every_message' })
const officers = groupOf({ audience: 'officers' })
const quoting: Partial<StoredEvent> = { ...inGroup, quotedMessageId: 'm0' }
const handed = { isTheirs: true, quotes: 'other' } as const
const left = (outcome: string): Sorted => ({ as: 'nothing', outcome })

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

describe('an officer hands over what a resident wrote', () => {
  it.each<[string, Partial<StoredEvent>, Partial<GroupAround>, Sorted]>([
    ['with a hashtag of its own', { text: '#chuyen' }, handed, { as: 'forward' }],
    ['typed with diacritics', { text: 'Xã xem giúp #chuyển.' }, handed, { as: 'forward' }],
    ['with the hashtag of a question', { text: '#hoi' }, handed, { as: 'forward' }],
    ['by mentioning us', { text: '@Mặt trận xã', mentionsAccount: true }, handed, { as: 'forward' }],
    ['saying nothing of the kind', { text: 'Mai tôi xem cho bác' }, handed, left('not_addressed')],
    ['who does not serve this group', { text: '#chuyen' }, { quotes: 'other' }, left('not_addressed')],
    ['who calls us to it alone', { text: '#hoi' }, { quotes: 'other' }, left('forward_not_bound')],
    [
      'who mentions us and says nothing',
      { text: '@Mặt trận xã', mentionsAccount: true },
      { quotes: 'other' },
      left('forward_not_bound'),
    ],
    [
      'who asks something beside the quote',
      { text: '#hoi xóm tôi bao giờ có nước?' },
      { quotes: 'other' },
      { as: 'resident' },
    ],
    ['quoting themselves', { text: '#chuyen' }, { isTheirs: true, quotes: 'own' }, left('not_addressed')],
    ['quoting us', { text: '#hoi bao giờ xong?' }, { isTheirs: true, quotes: 'ours' }, { as: 'resident' }],
    ['quoting nobody', { text: '#chuyen', quotedMessageId: null }, { isTheirs: true }, left('not_addressed')],
    ['and their case goes on', { text: '#hoi còn nữa' }, { ...handed, continues: true }, { as: 'resident' }],
  ])('%s', (_what, event, given, sorted) => {
    const surroundings = around({ isOfficer: given.isTheirs ?? false, group: groupOf(given) })

    expect(sortEvent(stored({ ...quoting, ...event }), surroundings)).toEqual(sorted)
  })

  it.each(ListenMode.options)('also where the group is listened to as %s', (listen) => {
    const group = groupOf({ ...handed, listen, keywords: ['nước'] })

    expect(sortEvent(stored({ ...quoting, text: '#chuyen' }), around({ isOfficer: true, group }))).toEqual({
      as: 'forward',
    })
  })

  it('and takes it back before we looked', () => {
    const surroundings = around({ isOfficer: true, group: groupOf(handed), isRemoved: true })

    expect(sortEvent(stored({ ...quoting, text: '#chuyen' }), surroundings)).toEqual(left('removed_before'))
  })
})

describe('whatever is said in a residents’ group', () => {
  const places = fc.constantFrom<GroupAround['quotes']>(null, 'ours', 'own', 'other')
  const words = fc.constantFrom(null, '', 'Tối nay đá bóng không?', '#hoi', '#chuyen', '#hoi nước?', 'mất nước rồi')
  const said = fc.record({ text: words, mentionsAccount: fc.boolean(), quotes: places, continues: fc.boolean() })
  const sortSaid = (
    {
      text,
      mentionsAccount,
      quotes,
      continues,
    }: { [K in keyof GroupAround]?: GroupAround[K] } & {
      text: string | null
      mentionsAccount: boolean
    },
    given: Partial<GroupAround>,
    isOfficer = false,
  ): Sorted =>
    sortEvent(
      stored({ ...inGroup, text, mentionsAccount, quotedMessageId: quotes == null ? null : 'm0' }),
      around({ isOfficer, group: groupOf({ quotes: quotes ?? null, continues: continues ?? false, ...given }) }),
    )

  it('nobody but an officer of the unit hands anything over', () => {
    const modes = fc.constantFrom(...ListenMode.options)
    fc.assert(
      fc.property(said, modes, fc.boolean(), (given, listen, isOfficer) => {
        expect(sortSaid(given, { listen, isTheirs: false }, isOfficer).as).not.toBe('forward')
      }),
    )
  })

  it('by itself nothing is taken where officers hand over, but what goes on with a case', () => {
    fc.assert(
      fc.property(said, (given) => {
        expect(sortSaid(given, { listen: 'on_forward' }).as).toBe(given.continues ? 'resident' : 'nothing')
      }),
    )
  })

  it('of two modes the wider one takes whatever the narrower one takes', () => {
    const narrower = ListenMode.options.slice(1).map((mode, index) => [ListenMode.options[index], mode] as const)
    fc.assert(
      fc.property(said, fc.constantFrom(...narrower), (given, [wide = 'every_message', narrow]) => {
        const keywords = ['mất nước']
        if (sortSaid(given, { listen: narrow, keywords }).as !== 'resident') return
        expect(sortSaid(given, { listen: wide, keywords }).as).toBe('resident')
      }),
    )
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
