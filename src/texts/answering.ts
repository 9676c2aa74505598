import { shorten } from '../lib/text.ts'
import { dayMoment } from './moment.ts'

/** What officers read about answers in private, and about what stands on the Page already. */
export const answeringTexts = {
  answerUntil: (until: Date): string => `Trả lời riêng được đến ${dayMoment(until)}.`,
  writtenPrivately: 'Tin này được nhắn riêng. Trả lời tin này thì câu trả lời cũng chỉ gửi riêng cho người hỏi.',
  reminder: (code: string, until: Date): string =>
    [
      `⏰ ${code} chưa được trả lời. ${answeringTexts.answerUntil(until)}`,
      'Sau lúc đó không gửi được nữa, trừ khi người hỏi nhắn lại. Muốn trả lời ngay: trả lời tin này.',
    ].join('\n'),
  /** The same where a message costs money from some time on. */
  freeUntil: (until: Date): string => `Từ ${dayMoment(until)} mỗi tin gửi đi mất phí (Zalo tính với OA).`,
  windowOver: (code: string, end: Date): string =>
    [
      `⌛ ${code} chưa được trả lời, và từ ${dayMoment(end)} không gửi riêng cho người hỏi được nữa, trừ khi người hỏi nhắn lại.`,
      'Khi người hỏi nhắn lại sẽ có tin báo tới đây. Nếu cần báo ngay: xin gọi điện, hoặc nhờ cán bộ xóm nhắn giúp.',
    ].join('\n'),
  outsideWindow: (code: string): string =>
    [
      `⚠️ ${code}: câu trả lời chưa gửi được, vì lần cuối người hỏi nhắn tin đã quá lâu (Facebook: đã quá 24 giờ, Zalo OA: đã quá 7 ngày).`,
      'Câu trả lời được giữ lại. Khi người hỏi nhắn lại, sẽ có tin báo tới đây và gửi được bằng hai chữ: gửi lại',
      'Nếu gấp: xin gọi điện, hoặc nhờ cán bộ xóm báo người hỏi nhắn lại cho trang.',
    ].join('\n'),
  mayResend: 'Câu trả lời trước chưa gửi được. Muốn gửi chính câu đó: trả lời tin này bằng hai chữ: gửi lại',
  nothingToResend: (code: string): string => `${code} không có câu trả lời nào đang chờ gửi lại.`,

  noPrivateWay: (code: string): string =>
    `${code}: chưa có cách trả lời riêng cho người hỏi này. Muốn trả lời công khai: gõ lại câu trả lời, bỏ chữ “riêng:”.`,
  alreadyRepliedPrivately: (code: string): string =>
    `${code}: đã có câu trả lời riêng rồi, mỗi bình luận hay bài viết Facebook chỉ cho một lần. Khi người hỏi nhắn lại thì trả lời riêng tiếp được.`,
  onlyPublicIsLeft: (code: string): string =>
    [
      `⚠️ ${code}: Facebook không cho trả lời riêng nội dung này (đã quá 7 ngày, hoặc người hỏi không nhận tin).`,
      'Chỉ còn cách trả lời công khai: trả lời tin này bằng nội dung công khai được, không ghi điều riêng tư.',
    ].join('\n'),
  personUnavailable: (code: string): string =>
    `⚠️ ${code}: người hỏi hiện không nhận được tin nên câu trả lời chưa tới. Nếu cần, xin liên hệ bằng cách khác.`,

  nothingStands: (code: string): string =>
    `${code} hiện không có câu trả lời nào của trang đang hiện công khai để sửa hoặc gỡ.`,
  cannotRevise: (code: string): string =>
    `${code}: nơi này không cho sửa hay gỡ tin đã gửi. Cần nói lại, xin gửi thêm một câu trả lời.`,
  nothingToTakeBack: (code: string): string => `${code} hiện chưa có câu trả lời nào để thu hồi.`,
  cannotTakeBack: (code: string): string =>
    `${code}: câu trả lời đã gửi đi rồi, và nơi này không cho phần mềm thu hồi tin đã gửi. Cần nói lại, xin gửi thêm một câu trả lời.`,
  editEmpty: (code: string): string => `Chưa thấy nội dung mới cho ${code}. Xin gõ: sửa: nội dung mới`,
  edited: (code: string): string => `✅ Đã sửa câu trả lời đang hiện công khai · ${code}`,
  editRejected: (code: string): string =>
    `⚠️ Chưa sửa được câu trả lời của ${code}: Facebook không nhận (có thể câu trả lời đã bị xóa). Bản cũ, nếu còn, vẫn đang hiện.`,

  whyTakenDown: (code: string): string => `Xin ghi lý do gỡ câu trả lời của ${code}, ví dụ: gỡ: nhầm số điện thoại`,
  takenDown: (code: string, isRestricted: boolean): string =>
    isRestricted
      ? `✅ Đã gỡ khỏi trang · ${code}. Vụ việc vẫn đang được giữ kín.`
      : `✅ Đã gỡ khỏi trang · ${code}. Người dân không còn thấy nữa. Muốn trả lời lại, xin trả lời tin này.`,
  takenBack: (code: string): string =>
    `Đã rút lại câu trả lời chưa đăng · ${code}. Người dân chưa đọc được câu đó. Muốn trả lời lại, xin trả lời tin này.`,
  takeDownRejected: (code: string): string =>
    `⚠️ Chưa gỡ được nội dung của ${code}. Xin mở trang Facebook và gỡ bằng tay.`,

  whyHidden: (code: string): string => `Xin ghi lý do ẩn bình luận của ${code}, ví dụ: ẩn: lộ số điện thoại người khác`,
  cannotHide: (code: string): string => `${code}: chỉ ẩn được bình luận dưới bài trên trang Facebook.`,
  cannotHidePost: (code: string): string =>
    [
      `${code}: đây là bài do người dân tự đăng lên trang; Facebook không cho phần mềm ẩn bài, chỉ cho ẩn bình luận.`,
      'Nếu cần ẩn: xin mở trang Facebook, bấm dấu ba chấm trên bài đó và chọn ẩn khỏi trang.',
    ].join('\n'),
  hidden: (code: string): string =>
    `🙈 Đã ẩn bình luận · ${code}. Chỉ người viết và bạn bè của họ còn thấy. Muốn cho hiện: trả lời tin này bằng hai chữ: hiện lại (hoặc gõ: ${code} hiện lại)`,
  shown: (code: string): string => `👁 Bình luận đã hiện lại với mọi người · ${code}`,
  showingHeld: (code: string): string =>
    `${code}: hiện đang ở chế độ chỉ nghe nên bình luận vẫn được ẩn; yêu cầu cho hiện lại được giữ lại.`,
  hidingRejected: (code: string): string =>
    `⚠️ Chưa ẩn hoặc hiện được bình luận của ${code} (có thể bình luận đã bị xóa). Xin mở trang Facebook để xem.`,

  askPerson: (code: string): string =>
    [
      `⚠️ Chưa rõ việc vừa làm với ${code} đã xong trên Facebook hay chưa. Xin mở trang để xem.`,
      `Nếu ĐÃ xong: trả lời tin này bằng hai chữ: đã đăng (hoặc gõ: ${code} đã đăng)`,
      `Nếu CHƯA xong: trả lời tin này bằng hai chữ: đăng lại (hoặc gõ: ${code} đăng lại)`,
    ].join('\n'),

  postEmpty: 'Chưa thấy nội dung bài. Xin gõ: đăng bài: nội dung bài',
  postTooLong: (max: number, over: number): string =>
    `Bài dài quá ${over} ký tự (tối đa ${max}). Xin rút gọn rồi gửi lại.`,
  noPage: 'Tài khoản này chưa được giao đăng bài cho trang Facebook nào.',
  whichPage: (names: readonly string[]): string =>
    `Có nhiều trang: ${names.join(', ')}. Xin gửi lệnh đăng bài trong nhóm cán bộ của đúng xã có trang cần đăng.`,
  paused: (code: string, until: Date | null): string =>
    `Đã nhận nội dung cho ${code}. ${paused(until)}; nội dung được giữ lại và sẽ tự ra sau đó, không cần gõ lại.`,
  postPaused: (page: string, until: Date | null): string =>
    `Đã nhận bài cho trang ${page}. ${paused(until)}; bài được giữ lại và sẽ tự đăng sau đó, không cần gửi lại.`,
  postQueued: (page: string): string => `Bài sẽ được đăng lên trang ${page}. Đăng xong sẽ có tin báo.`,
  postHeld: (page: string, isToApprove: boolean): string =>
    isToApprove
      ? `Bài cho trang ${page} đang chờ người duyệt, chưa đăng ra ngoài.`
      : `Hiện đang ở chế độ chỉ nghe nên bài cho trang ${page} được giữ lại, chưa đăng ra ngoài.`,
  whyPostTakenDown: 'Xin ghi lý do gỡ bài, ví dụ: gỡ: đăng nhầm',
  posted: (page: string, text: string): string =>
    `✅ Đã đăng bài lên trang ${page}:\n“${shorten(text, 200)}”\nMuốn sửa: trả lời tin này, gõ sửa: nội dung mới. Muốn gỡ: gỡ: lý do`,
  postEdited: '✅ Đã sửa bài trên trang.',
  postTakenDown: '✅ Đã gỡ bài khỏi trang.',
  isPostMeant: (text: string): string =>
    [
      'Tin vừa rồi là việc cần làm với bài vừa đăng lên trang phải không? Chưa có gì thay đổi.',
      `“${shorten(text, 1_200)}”`,
      'Nếu đúng, xin gõ: đúng',
    ].join('\n'),
  postRejected: (page: string): string =>
    `⚠️ Facebook không nhận bài vừa gửi lên trang ${page}. Chưa có gì hiện ra. Xin xem lại nội dung, đường dẫn rồi gửi lại.`,
  postGoing: 'Bài này đang được gỡ khỏi trang nên không sửa được nữa. Cần đăng lại, xin gõ: đăng bài: nội dung bài',
  postEditRejected: (page: string): string =>
    `⚠️ Chưa sửa được bài trên trang ${page}: Facebook không nhận (có thể bài đã bị xóa). Bản cũ, nếu còn, vẫn đang hiện.`,
  postTakeDownRejected: (page: string): string =>
    `⚠️ Chưa gỡ được bài trên trang ${page}. Xin mở trang Facebook và gỡ bằng tay.`,
  postChangeUnknown: (page: string): string =>
    `⚠️ Chưa rõ việc vừa làm với bài trên trang ${page} đã xong hay chưa. Xin mở trang để xem; nếu chưa, xin trả lời tin báo của bài đó bằng lệnh như trước.`,
  postUnknown: (page: string): string =>
    `⚠️ Chưa rõ bài vừa gửi đã hiện trên trang ${page} hay chưa. Xin mở trang để xem trước khi đăng lại, kẻo thành hai bài.`,
} as const

function paused(until: Date | null): string {
  return until === null ? 'Hiện đang dừng đăng' : `Việc đăng đang tạm ngừng đến ${dayMoment(until)}`
}
