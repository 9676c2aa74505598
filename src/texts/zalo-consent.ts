/** A new version is asked for anew wherever somebody logs in; what was agreed to before goes on holding until then. */
export const consentVersion = 1

/** What an admin agrees to before a personal Zalo account is driven by this program. Changed words are a new version. */
export const consentStatement = `Trước khi bật một tài khoản Zalo cá nhân cho phần mềm, xin đọc kỹ:

1. Phần mềm sẽ mở tài khoản này như một phiên Zalo Web: đọc mọi tin trong các nhóm và cuộc trò chuyện mà tài khoản
   tham gia, lưu lại những tin gửi tới Mặt trận, và gửi tin thay cho tài khoản.
2. Việc này KHÔNG được Zalo cho phép: nó trái với điều khoản sử dụng của Zalo và dựa trên một thư viện không chính thức.
3. Zalo có thể khóa tài khoản bất cứ lúc nào, tạm thời hay vĩnh viễn, không báo trước. Khi đó có thể mất tài khoản, số điện
   thoại gắn với nó, danh bạ, lịch sử trò chuyện và mọi nhóm do tài khoản làm chủ.
4. Vì vậy: chỉ dùng một tài khoản riêng cho việc này, không dùng tài khoản của một người; nhóm phải do người thật làm trưởng
   nhóm, tài khoản này chỉ là thành viên; không nhắn cho người lạ, không gửi hàng loạt.
5. Khi mất tài khoản, những thứ sau vẫn chạy: bình luận và tin nhắn Facebook; cán bộ nhận thẻ và trả lời qua bot Zalo chính
   thức hoặc tài khoản khác đã liên kết. Nhóm Zalo của bà con thì không nghe được cho tới khi có tài khoản khác vào nhóm;
   tin trong lúc đó có thể không lấy lại được.
6. Người xác nhận chịu trách nhiệm về quyết định này trước đơn vị; tên, thời điểm và nguyên văn lời trên được lưu lại. Có thể
   rút lại bất cứ lúc nào: phần mềm sẽ ngắt tài khoản ngay.`

/** What has to be typed. */
export const consentWords = 'tôi đồng ý'

/** Whether these are the words, however they are cased, spaced or composed. */
export function agrees(typed: string): boolean {
  const words = typed.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim()
  return words.replace(/[.!]+$/, '') === consentWords
}
