import { describe, expect, it } from 'vitest'
import {
  attachmentLines,
  pictureCaption,
  pictureMissing,
  type SpokenAttachment,
  whereToLook,
} from '../../src/texts/attachments.ts'

function attached(kind: string, given: Partial<SpokenAttachment> = {}): SpokenAttachment {
  return { kind, name: null, bytes: null, follows: false, ...given }
}

const onFacebook = whereToLook('facebook', 'post')
const picture = attached('photo', { follows: true })

describe('what is attached', () => {
  it.each<[string, SpokenAttachment[], string[]]>([
    ['nothing', [], []],
    ['pictures that follow', [picture, picture], ['🖼 2 ảnh, gửi ngay sau tin này.']],
    ['a picture that does not', [attached('photo')], ['📎 ảnh, xem trên Facebook']],
    ['a video', [attached('video', { bytes: 12_400_000 })], ['📎 video 12 MB, xem trên Facebook']],
    ['a small sound', [attached('voice', { bytes: 340_000 })], ['📎 tin thoại 0,3 MB, xem trên Facebook']],
    [
      'a document with a long name',
      [attached('file', { name: `Đơn   đề nghị\n${'x'.repeat(90)}.pdf` })],
      [`📎 tệp “Đơn đề nghị ${'x'.repeat(47)}…”, xem trên Facebook`],
    ],
    ['a place', [attached('place', { name: '18.9,105.1' })], ['📎 vị trí “18.9,105.1”, xem trên Facebook']],
    ['something unheard of', [attached('hologram')], ['📎 đính kèm, xem trên Facebook']],
    ['a sticker', [attached('sticker')], ['[nhãn dán]']],
    ['many stickers', [attached('sticker'), attached('sticker')], ['[2 nhãn dán]']],
    [
      'a bit of everything',
      [attached('sticker'), picture, attached('link')],
      ['🖼 1 ảnh, gửi ngay sau tin này.', '[nhãn dán]', '📎 liên kết, xem trên Facebook'],
    ],
  ])('%s', (_what, attachments, lines) => {
    expect(attachmentLines(attachments, onFacebook)).toEqual(lines)
  })

  it('never fills the card, however much it is', () => {
    const lines = attachmentLines(
      Array.from({ length: 30 }, () => attached('file', { name: 'x'.repeat(500), bytes: 1_000_000 })),
      onFacebook,
    )

    expect(lines).toHaveLength(6)
    expect(lines.at(-1)).toBe('📎 và 25 tệp khác, xem trên Facebook')
    expect(lines.join('\n').length).toBeLessThan(700)
  })
})

it('the place to look is named as an officer finds it', () => {
  expect([
    whereToLook('facebook', 'post'),
    whereToLook('facebook', 'direct'),
    whereToLook('zalo', 'group'),
    whereToLook('zalo', 'direct'),
  ]).toEqual(['trên Facebook', 'trong hộp thư của trang Facebook', 'trong nhóm Zalo', 'trên Zalo của đơn vị'])
})

it('every picture of a case has a caption of its own', () => {
  expect(pictureCaption('DH-7KM-3QP', 2)).toBe('DH-7KM-3QP · ảnh 2')
  expect(pictureMissing('DH-7KM-3QP', 2, 9_600_000, onFacebook)).toBe(
    '📎 DH-7KM-3QP · ảnh 2 (9,6 MB) không gửi được vào đây, xin xem trên Facebook.',
  )
  expect(pictureMissing('DH-7KM-3QP', 2, null, onFacebook)).toBe(
    '📎 DH-7KM-3QP · ảnh 2 không gửi được vào đây, xin xem trên Facebook.',
  )
})
