import { moment } from './moment.ts'

interface Closed {
  readonly standing: string
  /** Null: nobody knows since when. */
  readonly since: Date | null
  /** Messages of ours that wait for this group. */
  readonly waiting: number
  readonly isOfficers: boolean
}

/** What those on duty read about a group of their unit. `group` is its name. */
export const groupNews = {
  closed: (group: string, facts: Closed): string =>
    [
      `⚠️ ${happened(group, facts.standing)}${facts.since === null ? '' : ` (từ ${moment(facts.since)})`}.`,
      facts.isOfficers
        ? 'Từ nay thẻ câu hỏi mới được gửi riêng cho từng cán bộ trực.'
        : 'Phần mềm không gửi gì vào nhóm trong lúc này; câu hỏi đã tiếp nhận vẫn còn đủ.',
      ...(facts.waiting === 0 ? [] : [`Có ${facts.waiting} tin đang chờ gửi vào nhóm, được giữ lại.`]),
      whatToDo(facts.standing),
    ].join('\n'),
  open: (group: string, waiting: number): string =>
    `✅ Nhóm “${group}” đã gửi tin được trở lại.${waiting === 0 ? '' : ` ${waiting} tin đang chờ sẽ lần lượt được gửi, không cần gõ lại.`}`,
  membersHidden: (group: string): string =>
    `ℹ️ Nhóm “${group}” đã ẩn danh sách thành viên. Việc hỏi đáp không bị ảnh hưởng: tên người hỏi lấy từ chính tin họ viết.`,

  /** Said at once to whoever answers a question from such a group. */
  answerWaits: (code: string, group: string, standing: string): string =>
    [
      `Đã nhận nội dung cho ${code}. ${happened(group, standing)} nên chưa gửi được; nội dung được giữ lại và sẽ tự ra khi gửi được, không cần gõ lại.`,
      whatToDo(standing),
    ].join('\n'),
}

function happened(group: string, standing: string): string {
  switch (standing) {
    case 'locked':
      return `Nhóm “${group}” đang khóa, chỉ trưởng nhóm và phó nhóm được gửi tin`
    case 'dissolved':
      return `Nhóm “${group}” đã bị giải tán`
    default:
      return `Tài khoản của đơn vị không còn trong nhóm “${group}”`
  }
}

function whatToDo(standing: string): string {
  switch (standing) {
    case 'locked':
      return 'Xin nhờ trưởng nhóm mở cho thành viên gửi tin, hoặc đặt tài khoản của đơn vị làm phó nhóm.'
    case 'dissolved':
      return 'Nhóm không mở lại được: xin trả lời bà con bằng cách khác, và báo người phụ trách kỹ thuật bỏ nhóm này khỏi danh sách.'
    default:
      return 'Xin hỏi trưởng nhóm; nếu được đồng ý, nhờ trưởng nhóm thêm lại tài khoản của đơn vị.'
  }
}
