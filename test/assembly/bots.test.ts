import { describe, expect, it } from 'vitest'
import { bots } from '../../src/assembly/bots.ts'
import { Platform } from '../../src/intake/event.ts'

it('every platform has its bot, under its own name', () => {
  expect([...bots.keys()].sort()).toEqual([...Platform.options].sort())
  for (const [platform, bot] of bots) expect(bot.platform).toBe(platform)
})

describe('the address of a chat', () => {
  it.each([
    ['facebook', { kind: 'direct', id: '24' }, { type: 'messenger', psid: '24' }],
    ['zalo', { kind: 'group', id: 'g' }, { type: 'group', groupId: 'g' }],
    ['zalo', { kind: 'direct', id: 'u' }, { type: 'user', uid: 'u' }],
    ['zalo_bot', { kind: 'group', id: 'g' }, { type: 'group', chatId: 'g' }],
    ['zalo_bot', { kind: 'direct', id: 'u' }, { type: 'direct', chatId: 'u' }],
    ['zalo_oa', { kind: 'direct', id: 'u' }, { type: 'user', userId: 'u' }],
  ] as const)('on %s: %o', (platform, place, address) => {
    expect(bots.get(platform)?.chatAddress(place)).toEqual(address)
  })
})

it('Facebook and an Official Account can be asked what became of a message, Zalo echoes it, and of a bot nobody can tell', () => {
  expect([...bots.values()].map((bot) => [bot.platform, bot.canReadBack, bot.hearsItself])).toEqual([
    ['facebook', true, true],
    ['zalo', false, true],
    ['zalo_bot', false, false],
    ['zalo_oa', true, true],
  ])
})
