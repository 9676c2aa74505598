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
