/** What officers read about the photos that they send to be published. */
export const photoTexts = {
  offered: (code: string, minutes: number): string =>
    [
      `🖼 Đã nhận ảnh cho ${code}, chưa đăng gì.`,
      `Xin gõ tiếp câu trả lời (trả lời đúng tin có câu hỏi, hoặc ghi mã ${code} ở đầu tin) trong ${minutes} phút; ảnh sẽ đi kèm câu trả lời đó.`,
    ].join('\n'),
  isMeant: (code: string): string =>
    [`Ảnh vừa rồi là cho ${code} phải không? Chưa có gì được gửi đi.`, 'Nếu đúng, xin gõ: đúng'].join('\n'),
  lost: (code: string): string =>
    [
      `⚠️ Ảnh gửi cho ${code} chưa dùng được (không tải về được, quá lớn hoặc không phải ảnh thường) nên chưa có gì được đăng.`,
      'Xin gửi lại ảnh kèm câu trả lời, hoặc gửi câu trả lời chỉ có chữ.',
    ].join('\n'),
  onlyWords: (code: string): string =>
    `${code}: tin nhắn riêng trên Facebook hiện chỉ gửi được chữ nên ảnh chưa được gửi. Xin gõ câu trả lời bằng chữ.`,
  leftOut: (code: string): string =>
    `⚠️ ${code}: ảnh không được gửi, vì tin nhắn riêng trên Facebook hiện chỉ gửi được chữ. Người hỏi chỉ nhận phần chữ.`,
  notEdited: (code: string): string =>
    `${code}: sửa chỉ đổi được chữ; ảnh vừa gửi không được đăng. Muốn thay ảnh: gỡ câu trả lời rồi trả lời lại kèm ảnh.`,
  published: (code: string): string => `✅ Câu trả lời kèm ảnh đã hiện công khai · ${code}`,
  follows: 'Ảnh đang được gửi tiếp ngay sau câu trả lời.',
  shown: (code: string): string => `✅ Ảnh kèm câu trả lời cũng đã được gửi · ${code}`,
  askPerson: (code: string): string =>
    [
      `⚠️ Câu trả lời của ${code} đã gửi, nhưng chưa rõ ảnh kèm theo đã hiện hay chưa. Xin mở nơi có câu hỏi để xem.`,
      `Nếu ĐÃ thấy ảnh: trả lời tin này bằng hai chữ: đã đăng (hoặc gõ: ${code} đã đăng)`,
      `Nếu CHƯA thấy ảnh: trả lời tin này bằng hai chữ: đăng lại (hoặc gõ: ${code} đăng lại)`,
    ].join('\n'),
  rejected: (code: string): string =>
    `⚠️ Ảnh kèm câu trả lời của ${code} không gửi được. Phần chữ của câu trả lời vẫn còn nguyên.`,
  rejectedWithAnswer: (code: string): string =>
    `⚠️ Nền tảng không nhận câu trả lời kèm ảnh của ${code} (có thể vì ảnh, hoặc câu hỏi đã bị xóa). Người hỏi chưa nhận được gì. Xin trả lời lại tin này bằng ảnh khác, hoặc chỉ bằng chữ.`,

  postLost:
    '⚠️ Ảnh chưa dùng được (không tải về được, quá lớn hoặc không phải ảnh thường) nên chưa đăng bài. Xin gửi lại ảnh có ghi: đăng bài: nội dung bài',

  toApprove: (code: string | null): string =>
    `🖼 Ảnh sẽ hiện kèm nội dung đang chờ duyệt${code === null ? '' : ` · ${code}`}`,
  notShownToApprover: (code: string | null): string =>
    `⚠️ Ảnh của nội dung đang chờ duyệt${code === null ? '' : ` · ${code}`} không gửi được vào đây. Xin hỏi người soạn trước khi duyệt.`,
} as const
