import { beforeEach, expect, it } from 'vitest'
import { coverageReport } from '../../src/cli/coverage-report.ts'
import { count } from '../../src/intake/counters.ts'
import { plusMs } from '../../src/lib/clock.ts'
import type { AccountId } from '../../src/lib/ids.ts'
import { addAccount, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
const minute = 60_000
const at = (minutes: number): Date => plusMs(now, minutes * minute)

let zalo: AccountId
beforeEach(async () => {
  await emptyTables(db)
  zalo = await addAccount(db, { platform: 'zalo', externalId: '555', name: 'Mặt trận xã' })
})

const addGap = (
  from: number,
  to: number | null,
  became: { caughtUpAt?: Date; lostBecause?: 'new_login' | 'too_long' } = {},
): Promise<unknown> =>
  db
    .insertInto('accountGaps')
    .values({
      accountId: zalo,
      beganAt: at(from),
      endedAt: to === null ? null : at(to),
      reason: 'closed_1006',
      loginNumber: 1,
      ...became,
    })
    .execute()

it('says of each gap from when to when, and whether it was read later', async () => {
  await addGap(0, 5, { caughtUpAt: at(6) })
  await addGap(10, 10.2, { caughtUpAt: at(11) })
  await addGap(11, 11.2, { caughtUpAt: at(12) })
  await addGap(20, 20.5)
  await addGap(30, 40, { lostBecause: 'new_login' })
  await addGap(60, null)

  expect(await coverageReport(db, at(-1))).toBe(
    [
      'zalo Mặt trận xã (555)',
      '  không nghe được từ 09:00 ngày 02/03/2026 đến 09:05 ngày 02/03/2026; đã đọc lại',
      '  không nghe được từ 09:20 ngày 02/03/2026 đến 09:20 ngày 02/03/2026; chưa đọc lại được',
      '  không nghe được từ 09:30 ngày 02/03/2026 đến 09:40 ngày 02/03/2026; không đọc lại được: đã đăng nhập lại bằng mã QR',
      '  không nghe được từ 10:00 ngày 02/03/2026; vẫn chưa nối lại',
      '  2 lần ngắn dưới một phút; đã đọc lại',
      '',
    ].join('\n'),
  )
})

it('says what frames came that nobody here knows', async () => {
  await count(
    db,
    'zalo_strange_frame',
    new Map([
      ['cmd_551_unread', 2],
      ['cmd_777_empty', 1],
    ]),
    now,
  )

  expect(await coverageReport(db, at(-1))).toMatch(
    /^zalo: khung tin lạ\n {2}cmd_551_unread +2\n {2}cmd_777_empty +1\n$/,
  )
})

it('says nothing where nothing was missed', async () => {
  expect(await coverageReport(db, at(-1))).toBe('')
})
