import { shorten } from '../lib/text.ts'
import { answeringTexts } from './answering.ts'

const MAX_QUESTION_CHARS = 1_200

const kinds: Readonly<Record<string, string>> = { question: 'Câu hỏi', feedback: 'Phản ánh', other: 'Tin cần xem' }
const places: Readonly<Record<string, string>> = {
  post: 'bình luận công khai trên trang Facebook',
  group: 'tin nhắn trong nhóm Zalo',
  direct: 'tin nhắn riêng',
}
const reasons: Readonly<Record<string, string>> = {
  denunciation: 'có thể là khiếu nại, tố cáo hoặc nêu đích danh người có sai phạm',
  unsure: 'máy chưa chắc nội dung này là gì',
  no_text: 'tin không có chữ, chỉ có ảnh hoặc tệp',
  decided_by_person: 'cán bộ đã chọn giữ kín',
}

export interface CardFacts {
  readonly code: string
  readonly kind: string
  readonly place: string
  readonly accountName: string
  readonly authorName: string | null
  readonly texts: readonly string[]
  /** What is attached, a line a thing. */
  readonly attached: readonly string[]
  readonly urgent: boolean
  /** Later it cannot be answered in private any more; null: as long as one likes. */
  readonly answerUntil: Date | null
  /** From then on it costs money; null: it never does, or does already. */
  readonly freeUntil: Date | null
  /** What becomes of an answer that is given now. */
  readonly mode: Mode
  /** Whether we learn which message is quoted in the chat where this is read. */
  readonly tellsQuotes: boolean
}

type Mode = 'listen_only' | 'approve_all' | 'publish'

/** What officers read in chat. Each text says what happened and what the reader can do next. */
export const officerTexts = {
  card: (facts: CardFacts): string =>
    [
      `${facts.urgent ? '🆘 KHẨN – ' : ''}${kinds[facts.kind] ?? 'Ý kiến'} mới · ${facts.code}`,
      ...about(facts),
      facts.tellsQuotes
        ? 'Để trả lời: nhấn giữ tin này, chọn “Trả lời”, gõ câu trả lời rồi gửi.'
        : `Để trả lời: ghi mã ở đầu tin rồi tới câu trả lời, ví dụ: ${facts.code} Nội dung trả lời.`,
      whatFollows(facts.mode, facts.place === 'direct'),
      ...(facts.answerUntil === null || facts.mode === 'listen_only'
        ? []
        : [answeringTexts.answerUntil(facts.answerUntil)]),
      ...(facts.freeUntil === null || facts.mode === 'listen_only' ? [] : [answeringTexts.freeUntil(facts.freeUntil)]),
    ].join('\n'),

  restrictedCard: (facts: CardFacts, reason: string): string =>
    [
      `🔒 GIỮ KÍN · ${facts.code}`,
      `Lý do: ${reasons[reason] ?? 'cần người xem trước'}. Chưa có gì được đăng hay trả lời.`,
      ...about(facts),
      facts.tellsQuotes
        ? 'Nếu nội dung trả lời công khai được: nhấn giữ tin này, chọn “Trả lời” và gõ: công khai'
        : `Nếu nội dung trả lời công khai được, xin gõ: ${facts.code} công khai`,
    ].join('\n'),

  addition: (code: string, text: string | null, attached: readonly string[], isUrgent: boolean): string =>
    [
      `${isUrgent ? '🆘 KHẨN – ' : ''}➕ Người hỏi bổ sung cho ${code}:`,
      ...(text === null ? [] : [`“${shorten(text, MAX_QUESTION_CHARS)}”`]),
      ...attached,
    ].join('\n'),

  published: (code: string, isDirect: boolean): string =>
    isDirect ? `✅ Đã gửi câu trả lời cho người hỏi · ${code}` : `✅ Câu trả lời đã hiện công khai · ${code}`,

  answerWaits: (code: string): string =>
    `${code} đã có một câu trả lời đang được giữ lại, chưa đăng ra ngoài, nên tin vừa gửi không được nhận thêm.`,
  alreadyAnswered: (code: string): string =>
    `${code} đã có câu trả lời rồi nên tin vừa gửi không được đăng thêm, để người dân không nhận hai câu trả lời khác nhau.`,

  restricted: (code: string): string =>
    `${code} đang được giữ kín nên chưa trả lời ra ngoài được. Nếu nội dung này trả lời công khai được, xin trả lời tin thẻ bằng hai chữ: công khai (hoặc gõ: ${code} công khai)`,

  madePublic: (code: string): string => `${code} đã chuyển thành công khai. Thẻ mới để trả lời sẽ tới ngay.`,
  madeRestricted: (code: string): string => `🔒 ${code} đã được giữ kín. Những gì chưa gửi đi đã được giữ lại.`,
  alreadyOut: (code: string): string =>
    `🔒 ${code} đã được giữ kín, nhưng có nội dung đã hiện ra ngoài từ trước. Xin kiểm tra trên trang và gỡ nếu cần.`,

  answeredOutside: (code: string): string =>
    [
      `${code}: đã có người trả lời trực tiếp trên trang nên phần mềm không đăng thêm gì.`,
      `Nếu đó chưa phải câu trả lời: trả lời tin này bằng hai chữ: mở lại (hoặc gõ: ${code} mở lại)`,
    ].join('\n'),
  reopened: (code: string): string => `${code} đã mở lại và đang chờ câu trả lời.`,
  answerRemoved: (code: string): string =>
    `⚠️ Câu trả lời của ${code} đã bị xóa trên trang, người dân không còn thấy nữa. Muốn trả lời lại, xin trả lời tin này.`,
  edited: (code: string, text: string | null): string =>
    [
      `✏️ Người hỏi đã sửa câu hỏi ${code}${text === null ? '.' : ' thành:'}`,
      ...(text === null ? [] : [`“${shorten(text, MAX_QUESTION_CHARS)}”`]),
    ].join('\n'),
  editedIntoAccusation: (code: string): string =>
    `🔒 ${code} vừa được người hỏi sửa thành nội dung có thể là khiếu nại, tố cáo nên được giữ kín và chuyển lên cấp trên.`,
  takenBack: (code: string): string => `${code}: người hỏi đã rút lại câu hỏi. Không cần trả lời nữa.`,
  withdrawn: (code: string): string => `${code}: người hỏi đã xóa câu hỏi nên không còn chỗ để trả lời.`,
  notYours: (code: string): string => `${code} đang do đơn vị khác phụ trách nên tài khoản này chưa trả lời được.`,
  tooLong: (code: string, max: number, over: number): string =>
    `Câu trả lời cho ${code} dài quá ${over} ký tự (tối đa ${max}). Xin rút gọn rồi gửi lại.`,
  empty: (code: string): string => `Chưa thấy chữ nào trong câu trả lời cho ${code}. Xin gõ nội dung rồi gửi lại.`,

  whichCaseByCode:
    'Chưa rõ tin này trả lời cho câu hỏi nào. Xin gửi lại và ghi mã ở đầu tin, ví dụ: DH-7KM-3QP Nội dung trả lời.',
  isThisMeant: (code: string, text: string, isAnswer: boolean): string =>
    [
      isAnswer
        ? `Tin vừa rồi là trả lời cho ${code} phải không? Chưa có gì được gửi đi.`
        : `Tin vừa rồi là việc cần làm với ${code} phải không? Chưa có gì thay đổi.`,
      `“${shorten(text, MAX_QUESTION_CHARS)}”`,
      'Nếu đúng, xin gõ: đúng',
      `Nếu không phải, xin gửi lại và ghi mã ở đầu tin, ví dụ: ${code} Nội dung trả lời.`,
    ].join('\n'),
  whichCase:
    'Chưa rõ tin này trả lời cho câu hỏi nào. Xin nhấn giữ tin có câu hỏi, chọn “Trả lời” rồi gõ; hoặc ghi mã ở đầu tin, ví dụ: DH-7KM-3QP Nội dung trả lời.',
  help: [
    'Cách làm việc:',
    '• Trả lời: nhấn giữ thẻ câu hỏi → “Trả lời” → gõ nội dung.',
    '• Hoặc ghi mã ở đầu tin: DH-7KM-3QP Nội dung trả lời.',
    '• Kèm một ảnh: trả lời thẻ bằng ảnh có ghi câu trả lời, hoặc gửi ảnh trước rồi gõ chữ.',
    '• “riêng: …”: chỉ người hỏi đọc được, không hiện dưới bình luận.',
    '• “sửa: …” hoặc “gỡ: lý do”: sửa hay gỡ câu trả lời đang hiện trên trang.',
    '• “thu hồi”: rút lại câu trả lời chưa đăng, hoặc đã đăng ở nơi cho phép.',
    '• “ẩn: lý do” hoặc “hiện lại”: ẩn bình luận của người dân, cho hiện lại.',
    '• “đăng bài: …”: đăng một bài lên trang; ghi dưới ảnh thì bài có ảnh.',
    '• “giữ kín” (trả lời thẻ): không cho trả lời ra ngoài.',
    '• “công khai” (trả lời thẻ đang giữ kín): cho trả lời công khai.',
    '• Trong nhóm của bà con: trả lời (trích) tin của bà con và gõ #chuyen, tin ấy thành câu hỏi.',
    '• Người duyệt: trả lời tin “CHỜ DUYỆT” bằng “duyệt”, hoặc “trả lại: lý do”.',
    '• Nơi không chọn “Trả lời” được (Zalo Bot): ghi mã ở đầu tin, ví dụ: DH-7KM-3QP giữ kín.',
    '• Người có quyền, nhắn riêng: “dừng đăng”, “đăng tiếp”.',
  ].join('\n'),

  bound: (name: string): string =>
    `Đã liên kết với ${name}. Từ nay câu hỏi của người dân sẽ tới đây. Gõ “hướng dẫn” để xem cách làm.`,

  askPerson: (code: string): string =>
    [
      `⚠️ Chưa rõ câu trả lời của ${code} đã hiện ra hay chưa. Xin mở nơi đăng câu hỏi để xem.`,
      `Nếu ĐÃ thấy: trả lời tin này bằng hai chữ: đã đăng (hoặc gõ: ${code} đã đăng)`,
      `Nếu CHƯA thấy: trả lời tin này bằng hai chữ: đăng lại (hoặc gõ: ${code} đăng lại)`,
    ].join('\n'),
  settledByHand: (code: string): string => `Đã ghi nhận cho ${code}.`,
  nothingToSettle: (code: string): string => `${code} hiện không có câu trả lời nào chờ xác nhận.`,

  rejected: (code: string): string =>
    `⚠️ Nền tảng không nhận câu trả lời của ${code} (có thể câu hỏi đã bị xóa). Người hỏi chưa nhận được câu trả lời này. Nếu câu hỏi vẫn còn, xin trả lời lại tin này.`,
}

function whatFollows(mode: Mode, isDirect: boolean): string {
  switch (mode) {
    case 'publish':
      return isDirect
        ? 'Câu trả lời sẽ được gửi riêng cho người hỏi.'
        : 'Câu trả lời sẽ hiện công khai ngay dưới câu hỏi.'
    case 'approve_all':
      return isDirect
        ? 'Câu trả lời sẽ được người duyệt xem trước; duyệt xong mới gửi riêng cho người hỏi.'
        : 'Câu trả lời sẽ được người duyệt xem trước; duyệt xong mới hiện công khai dưới câu hỏi.'
    case 'listen_only':
      return 'Hiện đang ở chế độ chỉ nghe: câu trả lời được giữ lại, chưa đăng và chưa gửi cho ai.'
  }
}

function about(facts: CardFacts): string[] {
  const joined = shorten(facts.texts.join('\n'), MAX_QUESTION_CHARS)
  return [
    `Từ: ${facts.authorName ?? 'người dân'} – ${places[facts.place] ?? ''} (${facts.accountName})`,
    ...(joined === '' ? [] : [`“${joined}”`]),
    ...facts.attached,
  ]
}
