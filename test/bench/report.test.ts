import { describe, expect, it } from 'vitest'
import { asJson, asTable, type Figure, figure, isBroken, isMet } from '../../bench/measure/report.ts'

const of = (value: number | null, goal?: Figure['goal']): Figure =>
  figure('ratio', 'share of the limit', value, '', goal)

describe('a goal', () => {
  it.each([
    ['is met from its number on', of(0.7, { atLeast: 0.7 }), true],
    ['is missed under it', of(0.69, { atLeast: 0.7 }), false],
    ['"below" excludes its number', of(250, { below: 250 }), false],
    ['"below" is met under it', of(249, { below: 250 }), true],
    ['"must" is met by its number alone', of(-1, { must: 0 }), false],
    ['is neither where nothing was measured', of(null, { below: 400 }), null],
    ['is neither where there is none', of(1), null],
  ])('%s', (_fact, given, expected) => {
    expect(isMet(given)).toBe(expected)
  })
})

describe('a run', () => {
  it.each([
    ['with a goal that is missed ends well', of(0.1, { atLeast: 0.7 }), false],
    ['that lost something ends with an error', of(1, { must: 0 }), true],
    ['that could not tell whether it lost something ends with an error', of(null, { must: 0 }), true],
    ['that lost nothing ends well', of(0, { must: 0 }), false],
  ])('%s', (_fact, given, expected) => {
    expect(isBroken({ figures: [given], notes: [] })).toBe(expected)
  })
})

describe('the figures', () => {
  const report = {
    figures: [of(0.9312, { atLeast: 0.7 }), figure('p50Ms', 'half within', 12.34, 'ms'), figure('pssMib', 'all', null)],
    notes: ['fsync = on'],
  }

  it('are an object for machines, by name, with their goals beside them', () => {
    expect(asJson(report)).toEqual({
      ratio: 0.9312,
      p50Ms: 12.34,
      pssMib: null,
      goals: { ratio: { atLeast: 0.7, met: true } },
      notes: ['fsync = on'],
    })
  })

  it('are a table for people, with what is missing and what is not met', () => {
    expect(asTable('ingest', report)).toBe(
      [
        'ingest',
        '  share of the limit     0.93  goal: at least 0.7 – met',
        '  half within         12.3 ms',
        '  all                       –',
        '  fsync = on',
        '',
      ].join('\n'),
    )
  })
})
