import fc from 'fast-check'
import { expect, it } from 'vitest'
import { newCaseCode } from '../../src/cases/code.ts'
import { withoutMention } from '../../src/commands/mention.ts'

const name = 'Bot Mặt trận Yên Khê'
const code = newCaseCode()

it.each([
  ['@Bot Mặt trận Yên Khê Cần CCCD.', 'Cần CCCD.'],
  ['  @bot mặt trận yên khê: Cần CCCD.', 'Cần CCCD.'],
  ['@Bot Mặt trận Yên Khê Cần CCCD.'.normalize('NFD'), 'Cần CCCD.'],
  [`@Bot Mặt trận Yên Khê\n${code} duyệt`, `${code} duyệt`],
  ['@Bot Mặt trận Yên Khê', ''],
  [`@Bot của xã ${code} duyệt`, `${code} duyệt`], // by the name that it had before
  [`@Bot của xã thu hồi ${code}`, `thu hồi ${code}`],
  ['@Bot Mặt trận Yên Khêu Cần CCCD.', '@Bot Mặt trận Yên Khêu Cần CCCD.'],
  ['@Chị Hoa xem giúp', '@Chị Hoa xem giúp'],
  [`@Chị Hoa xem giúp\n${code} nhé`, `@Chị Hoa xem giúp\n${code} nhé`],
  ['Cần CCCD, hỏi @Bot Mặt trận Yên Khê', 'Cần CCCD, hỏi @Bot Mặt trận Yên Khê'],
])('“%s”', (text, said) => {
  expect(withoutMention(text, name)).toBe(said)
})

it('what follows our name is left as it was typed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (words) => {
      const said = words.normalize('NFC').replace(/^[\s,:]+/u, '')

      expect(withoutMention(`@${name} ${said}`, name)).toBe(said)
    }),
  )
})
