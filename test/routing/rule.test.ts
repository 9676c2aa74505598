import { describe, expect, it } from 'vitest'
import { RuleAction, RuleConditions } from '../../src/routing/rule.ts'

describe('a rule', () => {
  it('may leave every condition out, and without a duty means the answering officers', () => {
    expect(RuleConditions.parse({})).toEqual({})
    expect(RuleAction.parse({})).toEqual({ duty: 'answers' })
  })

  it.each<[string, object]>([
    ['a misspelt condition, which would hold always', { word: ['đất'] }],
    ['an empty word, which every text has', { words: [''] }],
    ['a platform that is none of ours', { platforms: ['viber'] }],
    ['a place that is none', { places: ['story'] }],
    ['a kind that is none', { kinds: ['rumour'] }],
    ['a code with diacritics', { units: ['xã-cát-ngạn'] }],
    ['urgent in words', { urgent: 'yes' }],
  ])('%s is refused', (_what, conditions) => {
    expect(RuleConditions.safeParse(conditions).success).toBe(false)
  })

  it.each<[string, object]>([
    ['a duty nobody has', { duty: 'boss' }],
    ['a person in place of a unit', { officer: 'Hoa' }],
    ['a code with spaces', { unit: 'xa cat ngan' }],
  ])('%s is refused', (_what, action) => {
    expect(RuleAction.safeParse(action).success).toBe(false)
  })
})
