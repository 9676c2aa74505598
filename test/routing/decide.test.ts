import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newId, RuleId, UnitId } from '../../src/lib/ids.ts'
import { decideRoute, type RoutingDecision, type RoutingInput } from '../../src/routing/decide.ts'
import type { RoutingRule, RuleAction, RuleConditions } from '../../src/routing/rule.ts'
import type { Unit } from '../../src/units/store.ts'
import { now } from '../support/builders.ts'

function unit(code: string, parent?: Unit): Unit {
  return { id: newId(UnitId, now), code, name: code, parentId: parent?.id ?? null, signature: code }
}
const province = unit('tinh-nghe-an')
const commune = unit('xa-cat-ngan', province)
const area = unit('xom-minh-son', commune)
const other = unit('xa-yen-khe', province)
const units = [area, other, commune, province]

function question(given: Partial<RoutingInput> = {}): RoutingInput {
  return {
    unitId: commune.id,
    platform: 'facebook',
    place: 'post',
    kind: 'question',
    urgent: false,
    text: 'Cho hỏi thủ tục tách hộ khẩu?',
    confidentiality: { confidentiality: 'public', reason: 'ordinary' },
    ...given,
  }
}

function rule(name: string, conditions: RuleConditions = {}, action: RuleAction = { duty: 'answers' }): RoutingRule {
  return { id: newId(RuleId, now), name, conditions, action }
}

const decide = (input: RoutingInput, ...rules: RoutingRule[]): RoutingDecision => decideRoute(input, rules, units)
const accusation = { confidentiality: 'restricted', reason: 'denunciation' }

describe('which rule decides', () => {
  const residence = rule('residence', { words: ['hộ khẩu'] })
  const everything = rule('everything')

  it.each<[string, RoutingRule[], string | null]>([
    ['the first that matches', [residence, everything], 'residence'],
    ['the first that matches, although a later one is narrower', [everything, residence], 'everything'],
    ['one behind others that do not match', [rule('x', { kinds: ['feedback'] }), residence], 'residence'],
    ['none where none matches', [rule('x', { urgent: true })], null],
    ['none where there is none', [], null],
  ])('%s', (_which, rules, name) => {
    const decision = decide(question(), ...rules)

    expect(rules.find((one) => one.id === decision.ruleId)?.name ?? null).toBe(name)
  })

  it('without a rule the officers of its own unit answer, and that is said', () => {
    expect(decide(question())).toEqual({
      unitId: commune.id,
      duty: 'answers',
      ruleId: null,
      because: 'no rule matched: the officers of its own unit',
      trace: [],
    })
  })

  it('why each rule was passed over or taken can be read', () => {
    const rules = [rule('a', { kinds: ['feedback'] }), rule('b', { platforms: ['zalo'] }), residence, everything]

    expect(decide(question(), ...rules)).toMatchObject({
      because: 'rule "residence" matched',
      trace: [
        { rule: 'a', matched: false, because: 'kind is question' },
        { rule: 'b', matched: false, because: 'platform is facebook' },
        { rule: 'residence', matched: true, because: 'all conditions hold' },
      ],
    })
  })
})

describe('where it goes', () => {
  it.each<[string, RuleAction, UnitId, string]>([
    ['its own unit', { duty: 'answers' }, commune.id, 'answers'],
    ['another unit', { unit: 'xa-yen-khe', duty: 'answers' }, other.id, 'answers'],
    ['the restricted desk', { duty: 'restricted_desk' }, commune.id, 'restricted_desk'],
  ])('%s', (_where, action, unitId, duty) => {
    expect(decide(question(), rule('r', {}, action))).toMatchObject({ unitId, duty })
  })

  it('a rule for a unit that is not known is passed over, and the reader is told', () => {
    const rules = [rule('gone', {}, { unit: 'xa-cu', duty: 'answers' }), rule('next')]

    const decision = decide(question(), ...rules)

    expect(decision.because).toBe('rule "next" matched')
    expect(decision.trace[0]).toEqual({ rule: 'gone', matched: false, because: 'unit xa-cu is not known' })
  })

  it('a case of a unit that is not listed stays with it', () => {
    const unitId = newId(UnitId, now)

    expect(decide(question({ unitId })).unitId).toBe(unitId)
    expect(decide(question({ unitId, confidentiality: accusation })).unitId).toBe(unitId)
  })
})

describe('conditions', () => {
  it.each<[string, RuleConditions, Partial<RoutingInput>, boolean]>([
    ['none: always', {}, {}, true],
    ['the platform', { platforms: ['facebook'] }, {}, true],
    ['another platform', { platforms: ['zalo'] }, {}, false],
    ['one of several platforms', { platforms: ['zalo', 'facebook'] }, {}, true],
    ['the place', { places: ['post'] }, {}, true],
    ['another place', { places: ['group', 'direct'] }, {}, false],
    ['the unit itself', { units: ['xa-cat-ngan'] }, {}, true],
    ['a unit above it', { units: ['tinh-nghe-an'] }, {}, true],
    ['far above it', { units: ['tinh-nghe-an'] }, { unitId: area.id }, true],
    ['a unit below it', { units: ['xom-minh-son'] }, {}, false],
    ['a unit beside it', { units: ['xa-yen-khe'] }, {}, false],
    ['the kind', { kinds: ['question', 'feedback'] }, {}, true],
    ['another kind', { kinds: ['feedback'] }, {}, false],
    ['urgent wanted and so', { urgent: true }, { urgent: true }, true],
    ['urgent wanted and not so', { urgent: true }, {}, false],
    ['not urgent wanted and so', { urgent: false }, {}, true],
    ['not urgent wanted and urgent', { urgent: false }, { urgent: true }, false],
    ['a word of the text', { words: ['hộ khẩu'] }, {}, true],
    ['a word without its diacritics', { words: ['ho khau'] }, {}, true],
    ['a text without its diacritics', { words: ['hộ khẩu'] }, { text: 'cho hoi HO KHAU' }, true],
    ['one of several words', { words: ['đất', 'thủ tục'] }, {}, true],
    ['a word that is part of another', { words: ['hộ'] }, { text: 'hộc hộp' }, false],
    ['words in another order', { words: ['khẩu hộ'] }, {}, false],
    ['words with something between', { words: ['thủ tục hộ khẩu'] }, {}, false],
    ['words with a comma between', { words: ['thủ tục'] }, { text: 'thủ, tục' }, true],
    ['a word with a dash', { words: ['e-mail'] }, { text: 'Gửi E-mail cho xã' }, true],
    ['words with a stroke', { words: ['BHYT/BHXH'] }, { text: 'thẻ BHYT, BHXH' }, true],
    ['a word that is not there', { words: ['nước'] }, {}, false],
    ['no words wanted: none is there', { words: [] }, {}, false],
    ['all that are given must hold', { kinds: ['question'], urgent: true }, {}, false],
    ['and do', { kinds: ['question'], urgent: false, words: ['thủ tục'], places: ['post'] }, {}, true],
  ])('%s', (_what, conditions, input, matches) => {
    expect(decide(question(input), rule('r', conditions)).ruleId !== null).toBe(matches)
  })

  it.each<[RuleConditions, string]>([
    [{ platforms: ['zalo'] }, 'platform is facebook'],
    [{ places: ['group'] }, 'written in a post'],
    [{ units: ['xa-yen-khe'] }, 'another unit'],
    [{ kinds: ['other'] }, 'kind is question'],
    [{ urgent: true }, 'not urgent'],
    [{ words: ['nước'] }, 'none of the words'],
  ])('%o does not hold: "%s"', (conditions, because) => {
    expect(decide(question(), rule('r', conditions)).trace[0]?.because).toBe(because)
  })
})

describe('an accusation', () => {
  it.each<[string, UnitId, UnitId]>([
    ['of an area goes to its commune', area.id, commune.id],
    ['of a commune goes to its province', commune.id, province.id],
    ['of the province stays there: nothing is above', province.id, province.id],
  ])('%s, to the restricted desk', (_what, unitId, to) => {
    expect(decide(question({ unitId, confidentiality: accusation }))).toMatchObject({
      unitId: to,
      duty: 'restricted_desk',
      ruleId: null,
      because: 'it may accuse somebody: one level up, restricted',
    })
  })

  it('is beyond all rules', () => {
    const grabbing = rule('everything', {}, { unit: 'xa-cat-ngan', duty: 'answers' })

    expect(decide(question({ confidentiality: accusation }), grabbing)).toMatchObject({
      unitId: province.id,
      trace: [],
    })
  })

  it('never stays with the unit it may accuse, whatever the rules say', () => {
    const anyRule = fc.record({
      unit: fc.constantFrom(undefined, ...units.map((one) => one.code)),
      duty: fc.constantFrom('answers' as const, 'restricted_desk' as const),
    })
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 5 }), fc.constantFrom(area, commune, other), (actions, accused) => {
        const rules = actions.map(({ unit: code, duty }) =>
          rule('r', {}, code === undefined ? { duty } : { unit: code, duty }),
        )
        const decision = decide(question({ unitId: accused.id, confidentiality: accusation }), ...rules)
        expect(decision.unitId).not.toBe(accused.id)
        expect(decision.duty).toBe('restricted_desk')
      }),
    )
  })

  it.each(['unsure', 'no_text', 'decided_by_person'])('"%s" is none: it goes by the rules', (reason) => {
    const decision = decide(question({ confidentiality: { confidentiality: 'restricted', reason } }), rule('r'))

    expect(decision.because).toBe('rule "r" matched')
  })
})

describe('whatever the rules', () => {
  const conditions = fc.record(
    {
      platforms: fc.subarray(['facebook' as const, 'zalo' as const]),
      places: fc.subarray(['post' as const, 'group' as const, 'direct' as const]),
      kinds: fc.subarray(['question' as const, 'feedback' as const, 'other' as const]),
      urgent: fc.boolean(),
      words: fc.subarray(['thủ tục', 'nước', 'đất']),
      units: fc.subarray(units.map((one) => one.code)),
    },
    { requiredKeys: [] },
  )

  it('the first that matches by itself is the one that decides, and the trace ends with it', () => {
    fc.assert(
      fc.property(fc.array(conditions, { maxLength: 8 }), fc.boolean(), (all, urgent) => {
        const input = question({ urgent })
        const rules = all.map((one, at) => rule(`r${at}`, one))
        const expected = rules.find((one) => decide(input, one).ruleId === one.id)
        const decision = decide(input, ...rules)
        expect(decision.ruleId).toBe(expected?.id ?? null)
        expect(decision.trace.filter((entry) => entry.matched)).toHaveLength(expected === undefined ? 0 : 1)
        expect(decision.trace.at(-1)?.matched ?? false).toBe(expected !== undefined)
      }),
    )
  })
})
