import { describe, expect, it } from 'vitest'
import { type Confidentiality, confidentialityOf } from '../../src/understanding/confidentiality.ts'
import type { Label } from '../../src/understanding/label.ts'
import { label } from '../support/builders.ts'

const open: Confidentiality = { confidentiality: 'public', reason: 'ordinary' }
const kept = (reason: 'denunciation' | 'unsure' | 'no_text'): Confidentiality => ({
  confidentiality: 'restricted',
  reason,
})

describe('who may read about a case', () => {
  it.each<[string, Partial<Label>, string | null, Confidentiality]>([
    ['an ordinary question: everybody', {}, 'Cho hỏi?', open],
    ['an urgent one: everybody', { urgent: true }, 'Cứu với', open],
    ['an accusation: nobody', { denunciation: true }, 'Ông ấy …', kept('denunciation')],
    ['an accusation, however sure', { denunciation: true, confidence: 1 }, 'Ông ấy …', kept('denunciation')],
    ['in doubt: nobody', { confidence: 0.59 }, 'ừm', kept('unsure')],
    ['just sure enough', { confidence: 0.6 }, 'Cho hỏi?', open],
    [
      'an accusation in doubt is an accusation',
      { denunciation: true, confidence: 0 },
      'Ông ấy …',
      kept('denunciation'),
    ],
    ['a picture without words: a person has to look', {}, null, kept('no_text')],
    ['an empty text as well', {}, '  \n', kept('no_text')],
  ])('%s', (_fact, given, text, expected) => {
    expect(confidentialityOf(label(given), text)).toEqual(expected)
  })
})
