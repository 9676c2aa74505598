/** What residents read. `signature` is the unit, never a person. */
export const residentTexts = {
  acknowledgement: (signature: string, isDirect: boolean): string =>
    isDirect
      ? `${signature} đã nhận được ý kiến của ông/bà và đang chuyển tới bộ phận có trách nhiệm. Câu trả lời sẽ được gửi ngay tại đây.`
      : `${signature} đã nhận được ý kiến của ông/bà và đang chuyển tới bộ phận có trách nhiệm. Câu trả lời sẽ được đăng ngay dưới bình luận này.`,

  answer: (signature: string, text: string): string => `${signature} trả lời:\n${text.trim()}`,
}
