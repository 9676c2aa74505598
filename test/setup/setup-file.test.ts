import { describe, expect, it } from 'vitest'
import { InvalidInputError } from '../../src/lib/errors.ts'
import { readSetup, type SetupFile } from '../../src/setup/setup-file.ts'

const whole = `
units:
  - { code: tinh-nghe-an, name: Tỉnh Nghệ An, kind: province, signature: MTTQ tỉnh Nghệ An }
  - { code: xa-cat-ngan, name: Xã Cát Ngạn, kind: commune, parent: tinh-nghe-an, signature: MTTQ xã Cát Ngạn, validFrom: 2025-08-01 }
officers:
  - name: Phan Thị Hoa
    duties: [{ unit: xa-cat-ngan, duty: answers, from: 2026-01-01, to: 2026-12-31 }]
accounts:
  - platform: zalo
    id: "5550000000000000001"
    name: Mặt trận xã Cát Ngạn
    unit: xa-cat-ngan
    groups:
      - { id: g1, name: Nhóm xóm, unit: xa-cat-ngan, audience: residents }
rules:
  - { name: Thủ tục, when: { kinds: [question], words: [thủ tục] }, assign: { unit: xa-cat-ngan, duty: answers } }
`

describe('how a group is listened to', () => {
  const group = (more: string): string => whole.replace('audience: residents }', `audience: residents, ${more} }`)
  const listening = (more: string) => readSetup(group(more)).accounts[0]?.groups[0]

  it.each(['every_message', 'when_addressed', 'when_mentioned', 'on_forward'] as const)('%s', (listen) => {
    expect(listening(`listen: ${listen}`)).toMatchObject({ listen })
  })

  it('by words and hashtags of its own', () => {
    expect(listening('listen: keyword, keywords: [mất nước, "#điện"]')).toMatchObject({
      listen: 'keyword',
      keywords: ['mất nước', '#điện'],
    })
  })

  it.each([
    ['listen: keyword', /keywords: expected the words/],
    ['listen: keyword, keywords: []', /keywords/],
    ['listen: keyword, keywords: ["!?"]', /expected a word or a hashtag/],
    ['listen: every_message, keywords: [rác]', /keywords: expected no keywords/],
    ['keywords: [rác]', /keywords: expected no keywords/],
    ['listen: sometimes', /listen/],
  ])('%s is refused', (more, reason) => {
    expect(() => readSetup(group(more))).toThrow(reason)
  })
})

describe('a setup file', () => {
  it('is read with what it leaves out filled in', () => {
    expect(readSetup(whole)).toEqual({
      units: [
        {
          code: 'tinh-nghe-an',
          name: 'Tỉnh Nghệ An',
          kind: 'province',
          signature: 'MTTQ tỉnh Nghệ An',
          validFrom: '2025-07-01',
        },
        {
          code: 'xa-cat-ngan',
          name: 'Xã Cát Ngạn',
          kind: 'commune',
          parent: 'tinh-nghe-an',
          signature: 'MTTQ xã Cát Ngạn',
          validFrom: '2025-08-01',
        },
      ],
      officers: [
        {
          name: 'Phan Thị Hoa',
          duties: [{ unit: 'xa-cat-ngan', duty: 'answers', from: '2026-01-01', to: '2026-12-31' }],
        },
      ],
      accounts: [
        {
          platform: 'zalo',
          id: '5550000000000000001',
          name: 'Mặt trận xã Cát Ngạn',
          unit: 'xa-cat-ngan',
          groups: [
            { id: 'g1', name: 'Nhóm xóm', unit: 'xa-cat-ngan', audience: 'residents', listen: 'when_addressed' },
          ],
        },
      ],
      rules: [
        {
          name: 'Thủ tục',
          when: { kinds: ['question'], words: ['thủ tục'] },
          assign: { unit: 'xa-cat-ngan', duty: 'answers' },
        },
      ],
    } satisfies SetupFile)
  })

  it.each(['', '{}', '# nothing yet'])('that says nothing (%j) is an empty setup', (text) => {
    expect(readSetup(text)).toEqual({ units: [], officers: [], accounts: [], rules: [] })
  })

  it('may be JSON, which is YAML as well', () => {
    expect(readSetup(JSON.stringify(readSetup(whole)))).toEqual(readSetup(whole))
  })

  it('may name a unit before it lists it', () => {
    const text = `units:
      - { code: xa-b, name: B, kind: commune, parent: tinh-a, signature: B }
      - { code: tinh-a, name: A, kind: province, signature: A }`

    expect(readSetup(text).units.map((unit) => unit.code)).toEqual(['xa-b', 'tinh-a'])
  })
})

const commune = '{ code: xa-a, name: A, kind: commune, signature: A }'

describe('a wrong setup file is refused, and the place is named', () => {
  it.each([
    ['no YAML', 'units: [', ['expected YAML']],
    ['a list in place of the file', '- a', ['file:']],
    ['an unknown part', 'cities: []', ['file:', 'cities']],
    ['a misspelt field', `units: [{ code: xa-a, nam: A, kind: commune, signature: A }]`, ['units.0.name']],
    [
      'a code with diacritics',
      `units: [{ code: xã-a, name: A, kind: commune, signature: A }]`,
      ['units.0.code: expected a unit code like "xa-cat-ngan"'],
    ],
    [
      'a district, which there is no more',
      `units: [{ code: h-a, name: A, kind: district, signature: A }]`,
      ['units.0.kind'],
    ],
    ['an empty signature', `units: [{ code: xa-a, name: A, kind: commune, signature: '' }]`, ['units.0.signature']],
    [
      'a day that does not exist',
      `units: [{ code: xa-a, name: A, kind: commune, signature: A, validFrom: 2026-02-30 }]`,
      ['units.0.validFrom'],
    ],
    ['an officer without a duty', `officers: [{ name: Hoa, duties: [] }]`, ['officers.0.duties']],
    [
      'a duty nobody knows',
      `units: [${commune}]\nofficers: [{ name: Hoa, duties: [{ unit: xa-a, duty: boss }] }]`,
      ['officers.0.duties.0.duty'],
    ],
    [
      'another platform',
      `units: [${commune}]\naccounts: [{ platform: viber, id: '1', name: A, unit: xa-a }]`,
      ['accounts.0.platform'],
    ],
    [
      'an id that lost its digits as a number',
      `units: [${commune}]\naccounts: [{ platform: zalo, id: 5550000000000000001, name: A, unit: xa-a }]`,
      ['accounts.0.id'],
    ],
    [
      'a secret in the file',
      `units: [${commune}]\naccounts: [{ platform: facebook, id: '1', name: A, unit: xa-a, token: EAAB }]`,
      ['accounts.0', 'token'],
    ],
    [
      'a mode nobody knows',
      `units: [${commune}]\naccounts: [{ platform: zalo, id: '1', name: A, unit: xa-a, mode: quiet }]`,
      ['accounts.0.mode'],
    ],
    ['a freeze without a reason', `freezes: [{ from: 2026-03-13, to: 2026-03-15 }]`, ['freezes.0.reason']],
    [
      'a freeze that ends before it begins',
      `freezes: [{ from: 2026-03-15, to: 2026-03-13, reason: r }]`,
      ['freezes.0: expected "to" after "from"'],
    ],
    [
      'a freeze at a moment without a zone',
      `freezes: [{ from: "2026-03-13T07:00:00", to: 2026-03-15, reason: r }]`,
      ['freezes.0.from: expected a day like "2026-03-15"'],
    ],
    [
      'a case given to who only approves',
      `units: [${commune}]\nrules: [{ name: r, assign: { duty: approves } }]`,
      ['rules.0.assign.duty'],
    ],
    ['a rule without an action', `rules: [{ name: r }]`, ['rules.0.assign']],
    [
      'a rule with an unknown condition',
      `rules: [{ name: r, when: { mood: bad }, assign: {} }]`,
      ['rules.0.when', 'mood'],
    ],
    [
      'an empty word, which every text has',
      `rules: [{ name: r, when: { words: [''] }, assign: {} }]`,
      ['rules.0.when.words.0'],
    ],
  ])('%s', (_what, text, parts) => {
    const read = (): SetupFile => readSetup(text)

    expect(read).toThrow(InvalidInputError)
    for (const part of parts) expect(read).toThrow(part)
  })

  it.each([
    ['a parent', `units: [{ code: xa-a, name: A, kind: commune, signature: A, parent: tinh-x }]`, 'units.xa-a.parent'],
    ['a duty', `officers: [{ name: Hoa, duties: [{ unit: tinh-x, duty: answers }] }]`, 'officers "Hoa"'],
    ['an account', `accounts: [{ platform: zalo, id: '1', name: A, unit: tinh-x }]`, 'accounts 1'],
    [
      'a group',
      `units: [${commune}]\naccounts: [{ platform: zalo, id: '1', name: A, unit: xa-a, groups: [{ id: g, name: G, unit: tinh-x, audience: officers }] }]`,
      'groups g',
    ],
    ['a freeze', `freezes: [{ unit: tinh-x, from: 2026-03-13, to: 2026-03-15, reason: r }]`, 'freezes "r"'],
    ['a rule’s action', `rules: [{ name: r, assign: { unit: tinh-x } }]`, 'rules "r"'],
    ['a rule’s condition', `rules: [{ name: r, when: { units: [tinh-x] }, assign: {} }]`, 'rules "r"'],
  ])('%s in a unit that is not listed', (_what, text, where) => {
    expect(() => readSetup(text)).toThrow(`${where}: unit "tinh-x" is not listed under units`)
  })

  it.each([
    ['unit', `units: [${commune}, ${commune}]`, 'units: "xa-a" is listed twice'],
    [
      'officer: two people of one name would become one',
      `units: [${commune}]\nofficers: [{ name: Hoa, duties: [{ unit: xa-a, duty: answers }] }, { name: Hoa, duties: [{ unit: xa-a, duty: restricted_desk }] }]`,
      'officers: "Hoa" is listed twice',
    ],
    [
      'account',
      `units: [${commune}]\naccounts: [{ platform: zalo, id: '1', name: A, unit: xa-a }, { platform: zalo, id: '1', name: B, unit: xa-a }]`,
      'accounts: zalo "1" is listed twice',
    ],
    [
      'group',
      `units: [${commune}]\naccounts: [{ platform: zalo, id: '1', name: A, unit: xa-a, groups: [{ id: g, name: G, unit: xa-a, audience: officers }, { id: g, name: H, unit: xa-a, audience: residents }] }]`,
      'groups of zalo 1: "g" is listed twice',
    ],
  ])('the same %s', (_what, text, problem) => {
    expect(() => readSetup(text)).toThrow(problem)
  })

  it('the same id on two platforms is two accounts', () => {
    const text = `units: [${commune}]\naccounts: [{ platform: zalo, id: '1', name: A, unit: xa-a }, { platform: facebook, id: '1', name: A, unit: xa-a }]`

    expect(readSetup(text).accounts).toHaveLength(2)
  })

  it('units that lie below themselves, each by name, and none that lies beside', () => {
    const unit = (code: string, parent: string): string =>
      `{ code: ${code}, name: A, kind: area, signature: A, parent: ${parent} }`
    const text = `units: [${unit('a', 'b')}, ${unit('b', 'a')}, ${unit('c', 'a')}, ${unit('d', 'd')}]`

    expect(() => readSetup(text)).toThrow(
      /^units\.a\.parent: the unit lies below itself\nunits\.b\.parent: .*\nunits\.d\.parent: [^\n]*$/,
    )
  })

  it('all problems come at once', () => {
    expect(() => readSetup(`units: [{ code: A B, name: '', kind: town, signature: A }]`)).toThrow(
      /units\.0\.code.*\nunits\.0\.name.*\nunits\.0\.kind/,
    )
  })
})
