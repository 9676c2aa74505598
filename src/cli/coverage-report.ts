import { type Gap, type GapEnd, gapsSince } from '../accounts/coverage.ts'
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
  const byAccount = Map.groupBy(await gapsSince(db, from), ({ account, name }) => `${name} (${account})`)
  const gaps = [...byAccount].flatMap(([account, all]) => {
    const short = all.filter(isShort)
    const lines = all
      .filter((gap) => !isShort(gap))
      .map((gap) => `  không nghe được ${periodOf(gap)}; ${became[gap.became]}`)
    if (short.length > 0) lines.push(`  ${short.length} lần ngắn dưới một phút; đã đọc lại`)
    return [`zalo ${account}`, ...lines]
  })
  const strange = (await strangeFrames(db, from)).map(
    ({ reason, amount }) => `  ${reason.padEnd(34)}${amount.padStart(8)}`,
  )
  if (strange.length > 0) strange.unshift('zalo: khung tin lạ')
  return [...gaps, ...strange].map((line) => `${line}\n`).join('')
}

function isShort({ beganAt, endedAt, became: end }: Gap): boolean {
  return end === 'caught_up' && endedAt !== null && endedAt.getTime() - beganAt.getTime() < SHORT_MS
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
