/** One step in words: what happened, and why or how. */
export interface Sentence {
  readonly title: string
  readonly because: string | null
}

/** Where something was written, as the reader of a timeline calls it. */
export interface PlaceFacts {
  readonly platform: string
  readonly place: string
  readonly groupName: string | null
}

const kinds: Readonly<Record<string, string>> = { question: 'câu hỏi', feedback: 'phản ánh', other: 'tin cần xem' }

const restrictedReasons: Readonly<Record<string, string>> = {
  denunciation: 'có thể là khiếu nại, tố cáo hoặc nêu đích danh người có sai phạm',
  unsure: 'máy chưa chắc nội dung này là gì, nên để người xem trước',
  no_text: 'tin không có chữ, chỉ có ảnh hoặc tệp',
  decided_by_person: 'cán bộ đã chọn giữ kín',
}

/** Why nothing (more) is done about a message that has no case. */
const outcomes: Readonly<Record<string, Sentence>> = {
  needs_no_officer: said('Không cần cán bộ trả lời', 'lời cảm ơn, chúc mừng hoặc trò chuyện'),
  not_addressed: said('Để yên', 'tin trong nhóm, không gọi tên tài khoản Mặt trận'),
  not_forwarded: said('Để yên', 'nhóm này chỉ tiếp nhận tin do cán bộ phụ trách chuyển'),
  forward_not_bound: said('Để yên', 'người chuyển tin chưa được liên kết, hoặc không phụ trách nhóm này'),
  forwarded: said('Đã tiếp nhận tin được chuyển', 'cán bộ trích tin của bà con trong nhóm'),
  forward_known: said('Không tiếp nhận lần nữa', 'tin được chuyển đã có mã từ trước'),
  forward_removed: said('Để yên', 'tin được chuyển đã bị thu hồi'),
  forward_unknown: said('Để yên', 'không đọc được tin được chuyển'),
  forward_not_resident: said('Để yên', 'tin được chuyển không phải của bà con'),
  unknown_group: said('Để yên', 'nhóm này chưa được khai báo'),
  not_bound: said('Để yên', 'người viết trong nhóm cán bộ chưa được liên kết bằng mã mời'),
  removed_before: said('Để yên', 'người viết đã xóa trước khi tin được xem'),
  edit_noted: said('Đã ghi nhận lần sửa', null),
  postback: said('Đã ghi nhận', 'người dùng bấm nút có sẵn, không viết gì'),
  officer_bound: said('Đã liên kết một cán bộ', 'mã mời dùng một lần được gửi đúng từ Zalo của người đó'),
  office_talk: said('Không coi là câu trả lời', 'cán bộ trao đổi trong nhóm, không trích thẻ câu hỏi nào'),
  which_case: said('Đã hỏi lại cán bộ', 'tin không trích thẻ nào nên chưa rõ trả lời cho câu hỏi nào'),
  help: said('Đã gửi hướng dẫn', null),
}

const refusals: Readonly<Record<string, string>> = {
  already_answered: 'đã có câu trả lời, người dân không nhận hai câu khác nhau',
  answer_restricted: 'vụ việc đang được giữ kín',
  answer_withdrawn: 'người hỏi đã rút lại câu hỏi',
  answer_too_long: 'dài quá mức nền tảng cho phép',
  answer_empty: 'chưa có chữ nào',
  answer_no_private_way: 'không có cách trả lời riêng cho người hỏi',
  not_yours: 'vụ việc do đơn vị khác phụ trách',
}

const troubles: Readonly<Record<string, Sentence>> = {
  unknown: said('Chưa rõ đã tới hay chưa', 'kiểm tra lại trước, không gửi mù lần nữa'),
  needs_person: said('Chờ người xem giúp', 'máy không thể biết chắc, đăng lại có thể thành hai lần'),
  rejected: said('Nền tảng không nhận', 'có thể câu hỏi đã bị xóa'),
  retry: said('Sẽ gửi lại', 'lần trước chắc chắn chưa tới'),
}

const cancellations: Readonly<Record<string, string>> = {
  answered_first: 'đã có câu trả lời, không cần báo nhận nữa',
  restricted: 'vụ việc chuyển sang giữ kín',
  withdrawn: 'người hỏi đã rút lại',
  answered_outside: 'đã có người trả lời trực tiếp trên trang',
  taken_back: 'cán bộ rút lại trước khi đăng',
  superseded: 'sau đó đã có quyết định khác',
  returned: 'người duyệt trả lại để sửa',
  listen_only: 'đang ở chế độ chỉ nghe',
  approve_all: 'đang ở chế độ duyệt từng câu',
}

const duties: Readonly<Record<string, string>> = {
  answers: 'cán bộ trả lời',
  restricted_desk: 'đầu mối vụ việc giữ kín',
}

/** What people read in a timeline. None of these takes a resident's or an officer's words. */
export const timelineTexts = {
  received: (from: PlaceFacts): Sentence =>
    said(`Nhận ${placeWords(from)}`, 'bản gốc được cất vào kho trước khi làm bất cứ việc gì'),

  forwarded: (officer: string | null): Sentence =>
    said(
      `${officer ?? 'Cán bộ'} chuyển tin này từ nhóm`,
      'tin được trích trở thành câu hỏi, câu trả lời sẽ trích lại tin ấy',
    ),

  stored: (): Sentence => said('Ghi vào sổ tiếp nhận', 'cùng một tin gửi lại vẫn chỉ là một dòng'),

  classified: (facts: {
    kind: string
    urgent: boolean
    confidence: number | null
    phrases: readonly string[]
  }): Sentence => {
    const found = facts.phrases.length === 0 ? [] : [`có ${facts.phrases.map((phrase) => `“${phrase}”`).join(', ')}`]
    const sure = facts.confidence === null ? [] : [`tin cậy ${Math.round(facts.confidence * 100)}%`]
    return said(
      `Xếp loại: ${kinds[facts.kind] ?? 'tin cần xem'}${facts.urgent ? ' – KHẨN' : ''}`,
      joined([...found, ...sure]),
    )
  },

  keptPrivate: (reason: string): Sentence =>
    said('Giữ kín: không báo nhận, không đăng gì', restrictedReasons[reason] ?? 'cần người xem trước'),

  onlySeenBy: (who: readonly string[]): Sentence =>
    said(`Chỉ ${who.join(', ')} xem được`, 'thẻ được gửi riêng, không vào nhóm nào'),

  routed: (facts: {
    unitName: string
    duty: string
    ruleName: string | null
    isAccusation: boolean
    isElsewhere: boolean
  }): Sentence => {
    const why = facts.isAccusation
      ? 'có thể nêu tên người ở xã: lên một cấp, không qua nơi bị nêu'
      : facts.ruleName === null
        ? 'không có quy tắc riêng nên về cán bộ của chính đơn vị'
        : `khớp quy tắc “${facts.ruleName}”`
    const near = facts.isElsewhere && !facts.isAccusation ? [`nơi gần nhất có người nhận`] : []
    return said(`Giao ${facts.unitName} · ${duties[facts.duty] ?? facts.duty}`, joined([why, ...near]))
  },

  card: (chat: string): Sentence => said(`Thẻ câu hỏi tới ${chat}`, null),
  groupChat: (name: string): string => `nhóm Zalo “${name}”`,
  directChat: (name: string | null): string => `Zalo riêng của ${name ?? 'cán bộ'}`,

  acknowledged: (from: PlaceFacts): Sentence =>
    said(from.place === 'direct' ? 'Báo đã nhận, ngay trong tin nhắn' : 'Báo đã nhận, dưới bình luận', null),

  addition: (): Sentence => said('Người hỏi bổ sung', 'cùng người, cùng chỗ: nối vào vụ việc đang mở'),

  answered: (officer: string, version: number): Sentence =>
    said(
      version === 1 ? `${officer} trả lời` : `${officer} trả lời (bản ${version})`,
      'gõ trong Zalo, trích đúng thẻ câu hỏi',
    ),

  answerRefused: (outcome: string): Sentence =>
    said('Tin của cán bộ không được đăng', refusals[outcome] ?? 'không hợp lệ'),

  answeredPrivately: (): Sentence => said('Trả lời riêng cho người hỏi', 'chỉ người hỏi đọc được'),
  edited: (): Sentence => said('Sửa câu trả lời đang hiện', 'giữ nguyên mã và số thứ tự'),
  takenDown: (): Sentence => said('Gỡ nội dung của trang', 'cán bộ quyết định, có ghi lý do'),
  hidden: (): Sentence => said('Ẩn bình luận', 'cán bộ quyết định, có ghi lý do'),
  shown: (): Sentence => said('Cho bình luận hiện lại', 'cán bộ quyết định'),
  photoFollowed: (): Sentence => said('Gửi ảnh kèm câu trả lời', 'đúng một lần, ngay sau câu trả lời'),
  posted: (): Sentence => said('Đăng bài lên trang', 'đúng một lần'),
  reminded: (): Sentence => said('Nhắc cán bộ', 'sắp hết thời gian nền tảng cho trả lời riêng'),
  windowOver: (): Sentence => said('Báo cán bộ', 'đã hết thời gian nền tảng cho trả lời riêng'),

  published: (to: PlaceFacts): Sentence => said(publishedWords(to), 'đúng một lần, kèm mã vụ việc ở cuối'),
  confirmed: (to: PlaceFacts): Sentence =>
    said('Xác nhận đã hiện ra', `${to.platform === 'facebook' ? 'Facebook' : 'Zalo'} báo lại chính câu trả lời này`),
  officerTold: (): Sentence => said('Báo lại cho cán bộ', 'trong chính cuộc trò chuyện đã trả lời'),

  waiting: (what: 'answer' | 'other'): Sentence =>
    said(
      what === 'answer' ? 'Câu trả lời chờ tới lượt gửi' : 'Chờ tới lượt gửi',
      'giữ nhịp để tài khoản không bị khóa',
    ),
  held: (by: string | null): Sentence =>
    said('Câu trả lời được giữ lại', by === 'listen_only' ? 'đang ở chế độ chỉ nghe' : 'chờ người thứ hai duyệt'),
  askedToApprove: (reader: string | null): Sentence => said(`Gửi ${reader ?? 'người duyệt'} xem để duyệt`, null),
  approved: (officer: string | null): Sentence =>
    said(`${officer ?? 'Người duyệt'} đã duyệt`, 'người duyệt không phải người soạn'),
  returned: (officer: string | null): Sentence =>
    said(`${officer ?? 'Người duyệt'} trả lại để sửa`, 'người soạn đọc được lý do'),
  trouble: (state: string): Sentence => troubles[state] ?? said('Chưa gửi được', null),
  cancelled: (why: string | null): Sentence => said('Giữ lại, không gửi', cancellations[why ?? ''] ?? null),

  madePublic: (officer: string | null): Sentence =>
    said('Chuyển thành công khai', `${officer ?? 'cán bộ'} đã xem và quyết định`),
  madeRestricted: (officer: string | null): Sentence =>
    said('Chuyển sang giữ kín', `${officer ?? 'cán bộ'} quyết định`),
  withdrawn: (): Sentence => said('Người hỏi rút lại câu hỏi', 'những gì chưa gửi được giữ lại'),

  withoutCase: (outcome: string | null): Sentence =>
    outcome === null ? said('Đang xem', null) : (outcomes[outcome] ?? said('Đã ghi nhận', null)),
} as const

function placeWords({ platform, place, groupName }: PlaceFacts): string {
  if (place === 'group') return `tin trong nhóm Zalo${groupName === null ? '' : ` “${groupName}”`}`
  if (place === 'post') return 'bình luận trên Trang Facebook'
  return platform === 'facebook' ? 'tin nhắn Messenger' : 'tin nhắn Zalo'
}

function publishedWords({ platform, place }: PlaceFacts): string {
  if (place === 'group') return 'Đăng vào nhóm, trích tin của người hỏi'
  if (place === 'post') return 'Đăng công khai dưới bình luận, mang tên Trang'
  return platform === 'facebook' ? 'Gửi vào Messenger của người hỏi' : 'Gửi vào Zalo của người hỏi'
}

function said(title: string, because: string | null): Sentence {
  return { title, because }
}

function joined(parts: readonly string[]): string | null {
  return parts.length === 0 ? null : parts.join(' · ')
}
