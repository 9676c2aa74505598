import { shorten } from '../lib/text.ts'

const MAX_QUESTION_CHARS = 600
/** A little less than the shortest that a chat of officers takes. */
const MAX_PART_CHARS = 1_900
/** Of what was typed in one message, with our words around it in another. */
const MAX_REASON_CHARS = 1_700

export interface ApprovalFacts {
  /** Null: it is about no case. */
  readonly code: string | null
  readonly author: string | null
  readonly question: string | null
  /** Word for word what would go out. */
  readonly text: string
  /** Of a post: what would stand below its words. */
  readonly link: string | null
  readonly isPublic: boolean
  readonly hasPhoto: boolean
  /** Whether we learn which message is quoted in the chat where this is read. */
  readonly tellsQuotes: boolean
}

/** What officers read about answers that wait for somebody's yes. */
export const approvalTexts = {
  /** What the approver reads, whole, in as many parts as it takes; any of them may be quoted. */
  ask: (facts: ApprovalFacts): string[] =>
    inParts(
      [
        `📝 CHỜ DUYỆT${named(facts.code)}`,
        ...(facts.author === null ? [] : [`Người soạn: ${facts.author}`]),
        ...(facts.question === null ? [] : [`Người dân hỏi: “${shorten(facts.question, MAX_QUESTION_CHARS)}”`]),
        facts.isPublic ? 'Nội dung sẽ hiện công khai:' : 'Nội dung sẽ gửi riêng cho người hỏi:',
        `“${facts.text}”`,
        ...(facts.link === null ? [] : [`Kèm đường dẫn: ${facts.link}`]),
        ...(facts.hasPhoto ? ['🖼 Kèm 1 ảnh, gửi ngay sau tin này.'] : []),
        ...howToDecide(facts),
      ].join('\n'),
    ),

  waits: (code: string): string =>
    `Đã nhận câu trả lời cho ${code}. Câu trả lời đang chờ người duyệt, chưa đăng ra ngoài; kết quả sẽ được báo tại đây.`,
  nobody: (code: string | null): string => {
    const [about, what] = code === null ? ['Nội dung cho trang', 'nội dung'] : [code, 'câu trả lời']
    return `${about}: hiện chưa có ai được giao duyệt mà liên hệ được, nên ${what} vẫn được giữ lại. Xin báo người quản trị giao việc duyệt.`
  },
  listenOnly: (code: string): string =>
    `Đã nhận câu trả lời cho ${code}. Hiện đang ở chế độ chỉ nghe nên chưa có gì được đăng ra ngoài; câu trả lời được giữ lại, không mất.`,

  approved: (code: string | null, isWaiting: boolean): string =>
    isWaiting
      ? `✅ Đã duyệt${named(code)}. Hiện đang dừng đăng nên nội dung sẽ ra khi được đăng tiếp.`
      : `✅ Đã duyệt${named(code)}. Nội dung đang được đăng.`,
  returned: (code: string | null): string => `Đã trả lại${named(code)}. Người soạn sẽ đọc được lý do.`,
  toAuthor: (code: string | null, reason: string): string =>
    [
      `↩️ Nội dung chưa được duyệt${named(code)}`,
      `Lý do: ${shorten(reason, MAX_REASON_CHARS)}`,
      ...(code === null ? [] : ['Xin trả lời tin này bằng câu trả lời đã sửa.']),
    ].join('\n'),

  own: (code: string | null): string =>
    `Nội dung${named(code)} do chính mình soạn nên cần một người khác duyệt. Nội dung vẫn được giữ lại.`,
  notYours: (code: string | null): string => `Tài khoản này hiện chưa được giao duyệt nội dung${named(code)}.`,
  decidedByOther: (code: string | null, name: string, reason: string | null): string =>
    reason === null
      ? `ℹ️ ${name} đã duyệt${named(code)}. Không cần duyệt nữa.`
      : `ℹ️ ${name} đã trả lại${named(code)}. Không cần duyệt nữa. Lý do: ${shorten(reason, MAX_QUESTION_CHARS)}`,
  decidedBefore: (code: string | null, name: string, isApproved: boolean): string =>
    `Nội dung này${named(code)} đã được ${name} ${isApproved ? 'duyệt' : 'trả lại'} trước đó nên không cần duyệt nữa.`,
  decided: (code: string | null): string => `Nội dung này${named(code)} đã được duyệt, trả lại hoặc rút lại trước đó.`,
  stillListening: (code: string | null): string =>
    `Hiện đang ở chế độ chỉ nghe nên chưa duyệt đăng được${named(code)}. Nội dung vẫn được giữ lại.`,
  whyReturned: 'Xin ghi rõ lý do để người soạn biết cần sửa gì, ví dụ: trả lại: thiếu giờ làm việc',
  whatNow: 'Tin này đang chờ duyệt. Xin trả lời đúng tin này bằng chữ “duyệt”, hoặc “trả lại: lý do”.',
  isThisMeant: (code: string | null, text: string, reason: string | null): string =>
    [
      `${reason === null ? 'Duyệt' : 'Trả lại'} nội dung dưới đây${named(code)} phải không? Chưa có gì thay đổi.`,
      `“${headAndTail(text)}”`,
      ...(reason === null ? [] : [`Lý do trả lại: ${shorten(reason, 300)}`]),
      'Nếu đúng, xin gõ: đúng',
    ].join('\n'),
  which: (codes: readonly string[]): string =>
    `Đang có nhiều nội dung chờ duyệt: ${codes.slice(0, 20).join(', ')}. Xin ghi mã ở đầu tin, ví dụ: ${codes[0]} duyệt`,
  nothingWaits:
    'Ở đây hiện không có nội dung nào như vậy đang chờ duyệt nên chưa có gì thay đổi. Nếu cần, xin ghi mã ở đầu tin, ví dụ: DH-7KM-3QP duyệt',
  nothingToApprove: 'Xin trả lời đúng tin “CHỜ DUYỆT” bằng chữ “duyệt”, để chắc chắn duyệt đúng nội dung đã đọc.',
} as const

function named(code: string | null): string {
  return code === null ? '' : ` · ${code}`
}

/** Two wordings may differ in their last words alone. */
function headAndTail(text: string): string {
  const tail = [...text].slice(-400).join('')
  return text.length <= 1_300 ? text : `${shorten(text, 850)}\n[…]\n${tail}`
}

function howToDecide({ code, tellsQuotes }: ApprovalFacts): string[] {
  if (tellsQuotes) {
    return ['Đồng ý: nhấn giữ tin này, chọn “Trả lời” và gõ: duyệt', 'Cần sửa: trả lời tin này và gõ: trả lại: lý do']
  }
  const head = code === null ? '' : `${code} `
  return [`Đồng ý, xin gõ: ${head}duyệt`, `Cần sửa, xin gõ: ${head}trả lại: lý do`]
}

/** Cut at an end of a line or of a word where there is one; nothing is left out. */
function inParts(text: string): string[] {
  const parts: string[] = []
  let rest = text
  while (rest.length > MAX_PART_CHARS) {
    const most = rest.slice(0, MAX_PART_CHARS)
    const gap = Math.max(most.lastIndexOf('\n'), most.lastIndexOf(' '))
    const at = gap > MAX_PART_CHARS / 2 ? gap : MAX_PART_CHARS - (isHalf(most) ? 1 : 0)
    parts.push(rest.slice(0, at))
    rest = rest.slice(at).replace(/^[ \n]/, '')
  }
  return [...parts, rest]
}

/** Ends in the first half of a letter that takes two places. */
function isHalf(text: string): boolean {
  return /[\uD800-\uDBFF]$/.test(text)
}
