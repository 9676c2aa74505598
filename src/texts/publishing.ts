interface State {
  readonly held: number
  readonly waiting: number
  readonly underway: number
}

/** What officers read about the brake. */
export const publishingTexts = {
  stopped: (state: State, wasSo: boolean): string =>
    [
      wasSo ? '⛔ Việc đăng đã được dừng từ trước.' : '⛔ Đã dừng đăng. Từ giờ không có gì mới hiện ra với người dân.',
      ...amounts(state),
      ...(state.underway > 0 ? [`${state.underway} tin đang gửi dở thì không rút lại được.`] : []),
      'Tin giữa cán bộ vẫn đi bình thường. Muốn đăng lại: gõ “đăng tiếp”.',
    ].join('\n'),
  resumed: (state: State, wasSo: boolean): string =>
    [
      wasSo ? '▶️ Việc đăng vẫn đang chạy.' : '▶️ Đã đăng tiếp. Những gì đang chờ sẽ lần lượt được gửi.',
      ...amounts(state),
    ].join('\n'),
  notAdministrator: 'Tài khoản này chưa được giao quyền dừng đăng. Xin báo ngay cho người quản trị.',
  onlyDirect: 'Lệnh này chỉ nhận trong tin nhắn riêng. Xin nhắn riêng cho tài khoản này: dừng đăng, hoặc đăng tiếp.',
} as const

function amounts({ held, waiting }: State): string[] {
  return [`Đang chờ tới lượt: ${waiting}. Đang giữ, chưa được duyệt hoặc chưa được phép đăng: ${held}.`]
}
