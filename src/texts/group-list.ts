import { moment } from './moment.ts'

interface Listed {
  readonly account: string
  readonly group: string
  readonly name: string
  readonly unit: string
  readonly audience: string
  readonly listen: string
  readonly keywords: readonly string[]
  readonly standing: string
  readonly standingSince: Date | null
  readonly membersHiddenSince: Date | null
}

/** One declared group, for whoever looks after the machine. */
export function groupLine(group: Listed): string {
  const { account, group: id, name, unit, audience } = group
  const whose = audience === 'officers' ? 'nhóm cán bộ' : listening(group)
  return [`tài khoản ${account}`, `nhóm ${id}`, `“${name}” (${unit})`, whose, standing(group)].join('  ')
}

function listening({ listen, keywords }: Listed): string {
  return keywords.length === 0 ? listen : `${listen}: ${keywords.join(', ')}`
}

const standings: Readonly<Record<string, string>> = {
  open: 'đang hoạt động',
  locked: 'ĐANG KHÓA gửi tin',
  removed: 'KHÔNG CÒN trong nhóm',
  dissolved: 'ĐÃ GIẢI TÁN',
}

function standing({ standing, standingSince, membersHiddenSince }: Listed): string {
  const word = standings[standing] ?? standing
  const since = standing === 'open' || standingSince === null ? '' : ` từ ${moment(standingSince)}`
  return `${word}${since}${membersHiddenSince === null ? '' : ', ẩn danh sách thành viên'}`
}
