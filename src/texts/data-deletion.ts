import { moment } from './moment.ts'

/** What somebody reads who asks what became of the deletion they wanted. Whoever logs in to the app is an administrator of a Page. */
export const dataDeletionTexts = {
  title: 'Yêu cầu xóa dữ liệu',
  done: (code: string, at: Date): readonly string[] => [
    `Yêu cầu ${code} đã được ghi nhận lúc ${moment(at)} và đã hoàn tất.`,
    'Hệ thống không lưu dữ liệu nào theo tài khoản đã dùng để đăng nhập ứng dụng. Quyền quản lý trang mà tài khoản này từng cấp được kiểm tra lại ngay sau yêu cầu.',
    'Nếu ông/bà đã gửi câu hỏi dưới bài viết hoặc qua tin nhắn và muốn xóa nội dung đó: xin xóa ngay tại nơi đã viết, hoặc nhắn cho trang kèm mã câu hỏi.',
  ],
  /** What those on duty read when a resident has told Zalo so. */
  toOfficers: (account: string, code: string, at: Date, cases: readonly string[]): string =>
    [
      `⚠️ Qua Zalo OA “${account}”, một người dân đã rút lại sự đồng ý và yêu cầu xóa dữ liệu của mình (lúc ${moment(at)}, mã yêu cầu ${code}).`,
      cases.length === 0
        ? 'Người này chưa có câu hỏi nào đang công khai trong hệ thống.'
        : `Các câu hỏi của người này: ${cases.slice(0, 20).join(', ')}.`,
      'Xin báo người quản trị xử lý yêu cầu trong thời hạn quy định và không nhắn thêm cho người này nếu không thật cần.',
    ].join('\n'),
  unknown: 'Không tìm thấy yêu cầu với mã này.',
}
