import { moment } from './moment.ts'

/** What a permission is for, as somebody reads it who has to grant it. */
const scopes: Readonly<Record<string, string>> = {
  pages_manage_metadata: 'đăng ký nhận thông báo của trang',
  pages_read_engagement: 'đọc bài viết và bình luận của trang',
  pages_read_user_content: 'đọc bình luận của người dân và biết ai viết',
  pages_manage_engagement: 'trả lời bình luận thay mặt trang',
  pages_messaging: 'nhận và trả lời tin nhắn Messenger',
}

const connectAgain = (pageId: string): string => `chạy lại: danhoi facebook connect ${pageId} < tệp-mã`

/** Why a token was not kept. */
export const tokenRefusals = {
  invalid: 'mã này không còn hiệu lực hoặc không phải mã của Facebook',
  other_app: 'mã này được tạo cho một ứng dụng khác; hãy tạo lại với đúng ứng dụng trong FACEBOOK_APP_ID',
  other_page: 'đây là mã của một trang khác',
  no_access: 'người hoặc người dùng hệ thống của mã này chưa được giao trang; hãy giao trang rồi tạo lại mã',
  short_lived: 'mã này sẽ hết hạn trong vòng 24 giờ; hãy dùng mã dài hạn, tốt nhất là của người dùng hệ thống',
  missing_scopes: 'mã này thiếu quyền',
} as const

/** The sentences of the guided list: what is so, and what is to be done. */
export const pageCheckTexts = {
  appMissing:
    'Chưa khai báo ứng dụng Facebook: cần FACEBOOK_APP_ID, FACEBOOK_APP_SECRET và FACEBOOK_VERIFY_TOKEN rồi khởi động lại.',
  app: (secrets: number): string =>
    secrets === 1
      ? 'Đã khai báo ứng dụng, mã bí mật và mã xác minh.'
      : `Đã khai báo ứng dụng; đang chấp nhận ${secrets} mã bí mật, xin bỏ mã cũ khi đã đổi xong.`,
  webhook: (publicUrl: string | null): string => {
    const address = `${publicUrl?.replace(/\/+$/, '') ?? 'https://<tên-miền>'}/webhooks/facebook`
    const test = `${address}?hub.mode=subscribe&hub.challenge=12345&hub.verify_token=<FACEBOOK_VERIFY_TOKEN>`
    return `Từ đây không biết được Facebook có gọi tới máy chủ được không. Hãy mở ở một mạng khác: ${test} – phải hiện đúng số 12345. Trong bảng điều khiển ứng dụng, mục Webhooks, khai báo ${address}.`
  },
  pageUnknown: (pageId: string): string =>
    `Chưa khai báo trang ${pageId}: thêm vào tệp cấu hình rồi chạy danhoi import.`,
  pageKnown: (name: string): string => `Trang “${name}” đã được khai báo.`,
  tokenMissing: (pageId: string): string => `Trang chưa có mã truy cập: ${connectAgain(pageId)}`,
  tokenGood: 'Mã truy cập còn hiệu lực, đúng ứng dụng, đúng trang.',
  tokenBad: (problem: string, pageId: string): string =>
    `${tokenProblems[problem] ?? 'Mã truy cập không dùng được'}: ${connectAgain(pageId)}`,
  expiryNever: 'Mã truy cập không có ngày hết hạn.',
  expiry: (at: Date): string => `Mã truy cập dùng được tới ${moment(at)}.`,
  expirySoon: (at: Date, pageId: string): string =>
    `Mã truy cập hết hạn lúc ${moment(at)}: lấy mã mới và ${connectAgain(pageId)}`,
  scopesGood: 'Mã truy cập có đủ các quyền cần thiết.',
  scopeMissing: (scope: string): string => `Thiếu quyền ${scope} (${scopes[scope] ?? 'cần cho ứng dụng'}).`,
  readable: (name: string): string => `Đọc được trang: “${name}”.`,
  unreadable: (code: string): string => `Không đọc được trang bằng mã này (Facebook trả lời ${code}).`,
  subscribed: 'Trang đã được đăng ký nhận đủ thông báo.',
  unsubscribed: (fields: readonly string[]): string =>
    `Trang chưa được đăng ký nhận: ${fields.join(', ')}. Chương trình tự đăng ký lại mỗi giờ; nếu vẫn thiếu, kiểm tra quyền pages_manage_metadata.`,
  notAsked: (code: string): string => `Chưa hỏi được Facebook (${code}); xin thử lại sau ít phút.`,
  working: 'Trang đang hoạt động.',
  stopped: (reason: string, pageId: string): string =>
    `Trang đang dừng (${reason}): câu trả lời được giữ lại. Sửa nguyên nhân rồi ${connectAgain(pageId)}`,
  heardUsual: (at: Date): string => `Lần cuối trang có bình luận hay tin nhắn: ${moment(at)}, như thường lệ.`,
  silent: (since: Date): string =>
    `Trang im lặng từ ${moment(since)}, lâu hơn bình thường: kiểm tra webhook và phần đăng ký ở trên.`,
  notProved:
    'Chưa thấy sự kiện thật nào từ khi kết nối. Xin viết một bình luận thử dưới bài của trang, bằng một tài khoản KHÔNG có vai trò trong ứng dụng, rồi chạy lại lệnh này. Nếu không thấy: ứng dụng chưa được duyệt quyền nâng cao (Advanced Access) hoặc chưa ở chế độ Live.',
  proved: (at: Date): string => `Đã nhận sự kiện thật, gần nhất lúc ${moment(at)}.`,
  notReconciled: 'Chưa đối chiếu lần nào; chương trình đang chạy sẽ tự làm trong vài phút.',
  reconciled: (at: Date, found: number, missed: number): string =>
    missed === 0
      ? `Đối chiếu lúc ${moment(at)}: ${found} bình luận trên trang, không sót.`
      : `Đối chiếu lúc ${moment(at)}: ${found} bình luận trên trang, ${missed} bị sót đã được đưa vào.`,
  reconcileFailed: (code: string): string => `Lần đối chiếu gần nhất chưa xong (${code}); chương trình sẽ thử lại.`,
}

const tokenProblems: Readonly<Record<string, string>> = {
  invalid: 'Mã truy cập không còn hiệu lực',
  other_app: 'Mã truy cập thuộc một ứng dụng khác',
  other_page: 'Mã truy cập thuộc một trang khác',
  not_page: 'Mã đang giữ không phải mã của trang',
}
