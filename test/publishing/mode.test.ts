import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { effectiveMode, ModeScope, type ModeSetting, PublishingMode, verdictOf } from '../../src/publishing/mode.ts'

const strictness = (mode: PublishingMode): number => PublishingMode.options.indexOf(mode)
const setting = fc.record({
  scope: fc.constantFrom(...ModeScope.options),
  mode: fc.constantFrom(...PublishingMode.options),
})

describe('the mode that holds', () => {
  it.each<[string, ModeSetting[], PublishingMode]>([
    ['an account about which nothing is said is a pilot', [], 'approve_all'],
    ['what is said of others does not end the pilot', [{ scope: 'installation', mode: 'publish' }], 'approve_all'],
    ['an account that publishes publishes', [{ scope: 'account', mode: 'publish' }], 'publish'],
    [
      'one group that is only listened to is silent',
      [
        { scope: 'account', mode: 'publish' },
        { scope: 'group', mode: 'listen_only' },
      ],
      'listen_only',
    ],
    [
      'a unit above that asks for approval is obeyed below',
      [
        { scope: 'account', mode: 'publish' },
        { scope: 'unit', mode: 'publish' },
        { scope: 'unit', mode: 'approve_all' },
      ],
      'approve_all',
    ],
    [
      'the whole installation can be silenced',
      [
        { scope: 'account', mode: 'publish' },
        { scope: 'group', mode: 'publish' },
        { scope: 'installation', mode: 'listen_only' },
      ],
      'listen_only',
    ],
    ['a silent account is silent before anybody approves', [{ scope: 'account', mode: 'listen_only' }], 'listen_only'],
  ])('%s', (_what, applying, mode) => {
    expect(effectiveMode(applying)).toBe(mode)
  })

  it('is one of those said, and no setting is stricter', () => {
    fc.assert(
      fc.property(fc.array(setting, { maxLength: 8 }), (others) => {
        const applying: ModeSetting[] = [...others, { scope: 'account', mode: 'publish' }]
        const mode = effectiveMode(applying)
        expect(applying.map((one) => one.mode)).toContain(mode)
        for (const one of applying) expect(strictness(mode)).toBeLessThanOrEqual(strictness(one.mode))
      }),
    )
  })

  it('does not depend on the order in which things were said', () => {
    fc.assert(
      fc.property(fc.array(setting), (applying) => {
        expect(effectiveMode(applying.toReversed())).toBe(effectiveMode(applying))
      }),
    )
  })
})

describe('what becomes of a message', () => {
  it.each<[PublishingMode, string, boolean, ReturnType<typeof verdictOf>]>([
    ['publish', 'answer', false, 'leave'],
    ['publish', 'acknowledgement', false, 'leave'],
    ['approve_all', 'answer', false, 'hold'],
    ['approve_all', 'answer', true, 'leave'],
    ['approve_all', 'private_reply', false, 'hold'],
    ['approve_all', 'edit', false, 'hold'],
    ['approve_all', 'post', false, 'hold'],
    ['approve_all', 'acknowledgement', false, 'cancel'],
    ['approve_all', 'acknowledgement', true, 'cancel'],
    ['approve_all', 'unhide', false, 'leave'],
    ['listen_only', 'answer', false, 'hold'],
    ['listen_only', 'answer', true, 'hold'],
    ['listen_only', 'post', true, 'hold'],
    ['listen_only', 'unhide', false, 'hold'],
    ['listen_only', 'acknowledgement', false, 'cancel'],
  ])('in %s a %s, approved: %s → %s', (mode, kind, isApproved, verdict) => {
    expect(verdictOf(mode, { kind, isApproved })).toBe(verdict)
  })
})
