/** What residents read. `signature` is the unit, never a person. */
export const residentTexts = {
  /**
   * Pure: the same case is always acknowledged in the same words. Platforms take the same words again and again for spam,
   * so they vary from case to case, and never begin like `previous`, the last that was said in this account's name.
   */
  acknowledgement: ({ signature, isDirect, code, previous }: Acknowledged): string => {
    const first = numberOf(code) % acknowledgements.length
    const isRepeated = previous?.startsWith(worded(first, signature, isDirect)) === true
    return worded(isRepeated ? (first + 1) % acknowledgements.length : first, signature, isDirect)
  },

  /** A sign, where words would disturb a whole group: somebody of ours has seen it. */
  seen: '👍',
  photo: (signature: string): string => `Ảnh kèm câu trả lời của ${signature}`,
  answer: (signature: string, text: string): string => `${signature} trả lời:\n${text.trim()}`,
}

interface Acknowledged {
  readonly signature: string
  readonly isDirect: boolean
  readonly code: string
  /** Null: nothing was said yet. */
  readonly previous: string | null
}

/** The unit stands in place of {đơn vị}, where the answer will be in place of {nơi}. */
const acknowledgements = [
  '{đơn vị} đã nhận được ý kiến của ông/bà và đang chuyển tới bộ phận có trách nhiệm. Câu trả lời sẽ có {nơi}.',
  'Cảm ơn ông/bà đã gửi ý kiến. {đơn vị} đã tiếp nhận và sẽ trả lời {nơi}.',
  '{đơn vị} xin ghi nhận ý kiến của ông/bà. Nội dung đang được xem xét, kết quả sẽ báo {nơi}.',
  'Ý kiến của ông/bà đã tới {đơn vị}. Bộ phận phụ trách đang xem, xin ông/bà theo dõi câu trả lời {nơi}.',
  '{đơn vị} đã đọc được tin của ông/bà và giao người phụ trách. Ông/bà sẽ nhận được trả lời {nơi}.',
  'Chúng tôi đã tiếp nhận câu hỏi, phản ánh của ông/bà. {đơn vị} sẽ phản hồi {nơi} khi có kết quả.',
  '{đơn vị} cảm ơn ông/bà đã tin tưởng gửi ý kiến. Việc này đã được chuyển người phụ trách, trả lời sẽ có {nơi}.',
] as const

function worded(index: number, signature: string, isDirect: boolean): string {
  const words = acknowledgements[index] ?? acknowledgements[0]
  const where = isDirect ? 'ngay tại đây' : 'ngay dưới bình luận này'
  return words.replace('{đơn vị}', () => signature).replace('{nơi}', where)
}

/** The letters of a code are random, so their sum is spread well enough over a handful of wordings. */
function numberOf(code: string): number {
  let number = 0
  for (const letter of code) number = (number * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003
  return number
}
