import { describe, expect, it } from 'vitest'
import { read } from '../../src/reception/reading.ts'

const photo = { kind: 'photo', url: 'https://x/1', name: null }
const sticker = { kind: 'sticker', url: null, name: null }

describe('whether somebody has to see it', () => {
  it.each<[string, string | null, object[], boolean, string]>([
    ['a question', 'Cho hỏi thủ tục tách hộ khẩu?', [], true, 'ordinary'],
    ['a report', 'Đường xóm 5 hỏng nặng, đề nghị sửa', [], true, 'ordinary'],
    ['thanks', 'Cảm ơn Mặt trận', [], false, 'ordinary'],
    ['thanks with a picture', 'Cảm ơn Mặt trận', [photo], false, 'ordinary'],
    ['an accusation', 'Trưởng thôn ăn chặn tiền cứu trợ', [], true, 'denunciation'],
    ['a call for help', 'Cứu với', [], true, 'ordinary'],
    ['something unclear', 'ngày ấy mưa to lắm các bác nà', [], true, 'unsure'],
    ['a picture without words', null, [photo], true, 'no_text'],
    ['a sticker by itself', null, [sticker], false, 'no_text'],
    ['two stickers', null, [sticker, sticker], false, 'no_text'],
    ['a sticker and a picture', null, [sticker, photo], true, 'no_text'],
    [
      'more than can be read at once',
      `Cho hỏi thủ tục tách hộ khẩu? ${'Chuyện dài. '.repeat(80_000)}`,
      [],
      true,
      'unsure',
    ],
    ['an accusation that goes on and on', `Trưởng thôn ăn chặn ${'tiền '.repeat(9_000)}`, [], true, 'denunciation'],
    ['nothing that could be read', null, [], true, 'no_text'],
    ['an empty text', '  ', [], true, 'no_text'],
    ['a sticker with a question', 'Bao giờ có nước?', [sticker], true, 'ordinary'],
  ])('%s', (_what, text, attachments, needsOfficer, reason) => {
    const reading = read({ text, attachments: JSON.parse(JSON.stringify(attachments)) })

    expect({ needsOfficer: reading.needsOfficer, reason: reading.confidentiality.reason }).toEqual({
      needsOfficer,
      reason,
    })
  })
})
