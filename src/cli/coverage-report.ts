import { type Gap, type GapEnd, gapsSince, shortGaps } from '../accounts/coverage.ts'
import type { Db } from '../db/client.ts'
import { vietnamDay } from '../lib/clock.ts'
import { moment } from '../texts/moment.ts'

/** A shorter gap that was read later is only counted: some connections break every minute. */
const SHORT_MS = 60_000

const became: Readonly<Record<GapEnd, string>> = {
  lasts: 'vẫn chưa nối lại',
  caught_up: 'đã đọc lại',
  waiting: 'chưa đọc lại được',
  new_login: 'không đọc lại được: đã đăng nhập lại bằng mã QR',
  too_long: 'không đọc lại được hết: lâu hơn hai tuần',
}

/** When which Zalo account heard nothing since `from`, and what came that nobody here can read. */
export async function coverageReport(db: Db, from: Date): Promise<string> {
  const nameOf = ({ account, name }: { account: string; name: string }): string => `zalo ${name} (${account})`
  const lines = new Map<string, string[]>()
  const add = (of: { account: string; name: string }, line: string): void => {
    lines.set(nameOf(of), [...(lines.get(nameOf(of)) ?? []), line])
  }
  for (const gap of await gapsSince(db, from, SHORT_MS))
    add(gap, `  không nghe được ${periodOf(gap)}; ${became[gap.became]}`)
  for (const short of await shortGaps(db, from, SHORT_MS))
    add(short, `  ${short.count} lần ngắn dưới một phút; đã đọc lại`)
  const strange = (await strangeFrames(db, from)).map(
    ({ reason, amount }) => `  ${reason.padEnd(34)}${amount.padStart(8)}`,
  )
  if (strange.length > 0) lines.set('zalo: khung tin lạ', strange)
  return [...lines]
    .flat(2)
    .map((line) => `${line}\n`)
    .join('')
}

function periodOf({ beganAt, endedAt }: Gap): string {
  return `từ ${moment(beganAt)}${endedAt === null ? '' : ` đến ${moment(endedAt)}`}`
}

async function strangeFrames(db: Db, from: Date): Promise<{ reason: string; amount: string }[]> {
  const day = vietnamDay(from)
  return db
    .selectFrom('counters')
    .select((select) => ['reason', select.fn.sum<string>('amount').as('amount')])
    .where('name', '=', 'zalo_strange_frame')
    .where((where) => where(where.ref('day'), '>=', where.cast<Date>(where.val(day), 'date')))
    .groupBy('reason')
    .orderBy('reason')
    .execute()
}
