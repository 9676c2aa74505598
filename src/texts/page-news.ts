import { moment } from './moment.ts'

const stops: Readonly<Record<string, string>> = {
  token: 'mã truy cập của trang không còn hiệu lực',
  permission: 'trang chưa cấp đủ quyền',
  app_setup: 'ứng dụng trên Facebook cần cài đặt lại',
  page_migrated: 'trang đã được chuyển sang mã mới',
}

/** What the officers of a unit read about its Page. `page` is its name. */
export const pageNews = {
  stopped: (page: string, reason: string | null): string =>
    [
      `⚠️ ${page}: kết nối với Facebook đã bị ngắt (${stops[reason ?? ''] ?? 'Facebook từ chối'}).`,
      'Câu trả lời đang chờ đăng được giữ lại, sẽ tự đăng khi nối lại. Bình luận mới có thể chưa về tới đây.',
      'Xin báo người phụ trách kỹ thuật kết nối lại trang.',
    ].join('\n'),
  restored: (page: string): string =>
    `✅ ${page}: đã kết nối lại với Facebook. Những câu trả lời đang chờ đăng sẽ lần lượt được đăng.`,
  silent: (page: string, since: Date, missed: number | null): string =>
    [
      `⚠️ ${page}: từ ${moment(since)} chưa có bình luận hay tin nhắn nào tới, lâu hơn bình thường.`,
      silenceFound(missed),
      'Nếu trên trang vẫn có người viết mà không thấy thẻ ở đây, xin báo người phụ trách kỹ thuật.',
    ].join('\n'),
  paused: (page: string, until: Date, isBlocked: boolean): string =>
    [
      isBlocked
        ? `⏸ Facebook tạm khóa đăng của trang ${page} đến ${moment(until)}.`
        : `⏸ Facebook báo trang ${page} đang gửi quá nhiều, tạm dừng đăng của trang đến ${moment(until)}.`,
      'Câu trả lời đang chờ đăng được giữ lại và sẽ tự đăng sau lúc đó, không cần gõ lại. Các trang khác vẫn đăng bình thường.',
    ].join('\n'),
  tokenEnds: (page: string, at: Date): string =>
    `⏳ ${page}: quyền kết nối với Facebook hết hạn lúc ${moment(at)}. Xin báo người phụ trách kỹ thuật cấp lại trước lúc đó.`,
}

function silenceFound(missed: number | null): string {
  if (missed === null) return 'Máy chưa đọc lại được trang để đối chiếu.'
  if (missed === 0) return 'Máy đã đọc lại trang: không sót bình luận nào.'
  return `Máy đã đọc lại trang: có ${missed} bình luận bị sót, đang được đưa vào.`
}
