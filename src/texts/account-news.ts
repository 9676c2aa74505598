import { moment } from './moment.ts'

/** What officers and admins have to know of a Zalo account of theirs. Null: nothing that a person has to see to. */
export function accountNews(name: string, state: string, reason: string | null = null): string | null {
  switch (state) {
    case 'reconnecting':
      return `⚠️ Tài khoản Zalo “${name}” đang mất kết nối, phần mềm vẫn thử nối lại. Trong lúc này tài khoản chưa nhận và chưa gửi được tin. Nếu kéo dài, xin báo người quản trị kiểm tra mạng của máy chủ.`
    case 'needs_qr':
      return `⚠️ Tài khoản Zalo “${name}” đã mất phiên đăng nhập nên chưa nhận và chưa gửi được tin. Xin báo người quản trị đăng nhập lại bằng mã QR. Tin trong nhóm từ lúc này tới khi đăng nhập lại có thể không lấy lại được: xin để ý nhóm của bà con.`
    case 'evicted':
      return `⚠️ Tài khoản Zalo “${name}” đang được mở ở nơi khác (Zalo máy tính hoặc trình duyệt) nên phần mềm phải tạm ngừng. Xin đóng nơi đó lại, phần mềm sẽ tự nối.`
    case 'suspended':
      return `⚠️ Zalo nhiều lần không cho tài khoản “${name}” đăng nhập, có thể tài khoản đang bị hạn chế. Xin mở Zalo trên điện thoại của tài khoản để xem thông báo.`
    case 'stopped':
      if (reason !== 'no_consent')
        return `⚠️ Tài khoản Zalo “${name}” không gửi được tin nữa vì Zalo từ chối lệnh gửi của phần mềm. Xin báo ngay người phụ trách kỹ thuật; những gì đang chờ gửi được giữ lại.`
      return `⚠️ Tài khoản Zalo “${name}” đang tắt: chưa có người quản trị nào đứng ra xác nhận việc dùng tài khoản này, hoặc lời xác nhận đã được rút lại. Phần mềm không nhận và không gửi tin qua tài khoản này.`
    default:
      return null
  }
}

/** What officers have to know of a bot or an Official Account of theirs. */
export const officialNews = {
  down: (platform: string, name: string, state: string, reason: string | null): string => {
    const what = kindOf(platform)
    if (state === 'evicted') {
      return `⚠️ ${what} “${name}” đang được một phần mềm khác nhận tin (đã đặt webhook ở nơi khác) nên tin của bà con chưa về đây. Xin báo người quản trị kiểm tra và kết nối lại.`
    }
    if (platform === 'zalo_oa' && reason === 'needs_consent') {
      return `⚠️ ${what} “${name}” cần người quản trị OA đồng ý cấp quyền lại thì mới gửi được tin. Tin bà con gửi tới vẫn được nhận; câu trả lời được giữ lại và sẽ tự gửi sau khi kết nối lại.`
    }
    return `⚠️ ${what} “${name}” đã ngừng vì Zalo không chấp nhận quyền truy cập hiện có. Xin báo người quản trị kết nối lại; câu trả lời chưa gửi được giữ lại và sẽ tự gửi sau đó.`
  },
  restored: (platform: string, name: string): string => `✅ ${kindOf(platform)} “${name}” đã hoạt động trở lại.`,
} as const

function kindOf(platform: string): string {
  return platform === 'zalo_oa' ? 'Zalo OA' : 'Zalo Bot'
}

/** It works again. `isLost`: what was written meanwhile cannot be asked for. */
export function accountRestored(name: string, since: Date, isLost: boolean): string {
  return [
    `✅ Tài khoản Zalo “${name}” đã nối lại, sau khi gián đoạn từ ${moment(since)}.`,
    isLost
      ? 'Tin bà con viết trong lúc đó Zalo không cho lấy lại: xin mở nhóm trên điện thoại xem có câu hỏi nào bị sót.'
      : 'Tin bà con viết trong lúc đó đang được hỏi lại; câu trả lời đang chờ sẽ lần lượt được gửi.',
  ].join('\n')
}

/** Something came that the program cannot read, so it may be a question. */
export function unreadFrames(name: string, commands: string): string {
  return `⚠️ Tài khoản Zalo “${name}” nhận được tin mà phần mềm không đọc được (loại ${commands}). Có thể là tin nhắn riêng của bà con: xin mở Zalo trên điện thoại của tài khoản để xem, và báo người phụ trách kỹ thuật.`
}
