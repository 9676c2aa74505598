/** What an officer reads 1:1 when nothing comes of a message that they handed over from a residents' group. */
export const forwardTexts = {
  known: (code: string): string =>
    `Tin anh/chị vừa chuyển đã được tiếp nhận từ trước, mã ${code}. Không cần chuyển lại; trong nhóm không hiện gì thêm.`,
  takenBack: 'Tin anh/chị vừa chuyển đã được người viết thu hồi nên không tiếp nhận nữa.',
  unreadable:
    'Chưa đọc được tin anh/chị vừa chuyển trong nhóm. Xin nhờ người hỏi viết lại rồi chuyển lại, hoặc hỏi thay bằng một tin có #hoi.',
}
