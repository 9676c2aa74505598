/** What officers have to know of a Zalo account of theirs. Null: nothing that a person has to see to. */
export function accountNews(name: string, state: string): string | null {
  switch (state) {
    case 'needs_qr':
      return `⚠️ Tài khoản Zalo “${name}” đã mất phiên đăng nhập nên chưa nhận và chưa gửi được tin. Xin báo người quản trị đăng nhập lại bằng mã QR; tin của bà con trong lúc này sẽ được lấy lại sau đó.`
    case 'evicted':
      return `⚠️ Tài khoản Zalo “${name}” đang được mở ở nơi khác (Zalo máy tính hoặc trình duyệt) nên phần mềm phải tạm ngừng. Xin đóng nơi đó lại, phần mềm sẽ tự nối.`
    case 'suspended':
      return `⚠️ Zalo nhiều lần không cho tài khoản “${name}” đăng nhập, có thể tài khoản đang bị hạn chế. Xin mở Zalo trên điện thoại của tài khoản để xem thông báo.`
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
