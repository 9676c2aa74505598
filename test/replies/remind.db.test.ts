import { beforeEach, expect, it } from 'vitest'
import { plusMs } from '../../src/lib/clock.ts'
import { remindOfWindows } from '../../src/replies/remind.ts'
import {
  addAccount,
  addAssignedCase,
  addEvent,
  addOffice,
  addRouted,
  emptyTables,
  now,
  sayMode,
  type TestOffice,
} from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
let office: TestOffice
beforeEach(async () => {
  await emptyTables(db)
  office = await addOffice(db)
})

const hour = 3_600_000
/** Asked at nine in the morning: a quarter is left at three in the night, so the reminder comes at six. */
const morning = plusMs(now, 21 * hour)

async function ask(
  given: { status?: string; confidentiality?: string; urgent?: boolean; account?: TestOffice['page'] } = {},
) {
  const { account = office.page, ...columns } = given
  const event = await addEvent(db, account, { place: { kind: 'direct', id: '9' }, occurredAt: now })
  const about = await addAssignedCase(db, office.commune, { event, ...columns })
  const place = { kind: 'group', id: office.officersGroup } as const
  await addRouted(db, about, { accountId: office.zalo, unitId: office.commune, place })
  return about
}

const notices = () => db.selectFrom('outbox').select(['text', 'lane']).where('kind', '=', 'notice').execute()

it('those who have the case are reminded once, and why is written down', async () => {
  const about = await ask()

  expect([await remindOfWindows(db, morning), await remindOfWindows(db, plusMs(morning, hour))]).toEqual([1, 0])

  const [notice, ...more] = await notices()
  expect(more).toEqual([])
  expect(notice?.text).toContain(`${about.code} chưa được trả lời. Trả lời riêng được đến 09:00 ngày 03/03.`)
})

it.each([
  ['while more than a quarter is left', 17],
  ['at night', 19],
  ['long after the window is over', 49],
])('nobody is reminded %s', async (_when, hours) => {
  await ask()

  expect(await remindOfWindows(db, plusMs(now, hours * hour))).toBe(0)
})

it('where nothing may leave whatever is answered, nobody is hurried', async () => {
  await sayMode(db, { accountId: office.page }, 'listen_only')
  await ask()

  expect(await remindOfWindows(db, morning)).toBe(0)
})

it('what is urgent is told at night as well', async () => {
  await ask({ urgent: true })

  expect(await remindOfWindows(db, plusMs(now, 18 * hour))).toBe(1)
})

it.each([
  ['that is answered', { status: 'answered' }],
  ['that nobody may answer', { confidentiality: 'restricted' }],
])('a case %s is not reminded of', async (_what, given) => {
  await ask(given)

  expect(await remindOfWindows(db, morning)).toBe(0)
})

it('of an Official Account a day before its seven days are over, and once more when they are', async () => {
  const oa = await addAccount(db, { platform: 'zalo_oa', unitId: office.commune })
  const about = await ask({ account: oa })
  const at = (days: number) => remindOfWindows(db, plusMs(now, days * 24 * hour))

  expect([await at(5.9), await at(6), await at(6.1), await at(7), await at(7.1)]).toEqual([0, 1, 0, 1, 0])

  const texts = (await notices()).map(({ text }) => text)
  expect(texts).toHaveLength(2)
  const [before, after] = ['Trả lời riêng được đến 09:00 ngày 09/03.', 'không gửi riêng cho người hỏi được nữa']
  expect(texts).toContainEqual(expect.stringContaining(`${about.code} chưa được trả lời. ${before}`))
  expect(texts).toContainEqual(expect.stringContaining(after))
})

it('where the platform has no such window, nobody is reminded', async () => {
  await ask({ account: office.zalo })

  expect(await remindOfWindows(db, morning)).toBe(0)
})

it('who writes again begins another window, which has its own reminder', async () => {
  const about = await ask()
  await remindOfWindows(db, morning)
  const again = await addEvent(db, office.page, {
    place: { kind: 'direct', id: '9' },
    occurredAt: plusMs(now, 22 * hour),
  })
  await db.insertInto('caseMessages').values({ caseId: about.id, eventId: again.id, addedAt: now }).execute()

  expect(await remindOfWindows(db, plusMs(morning, 2 * hour))).toBe(0)
  expect(await remindOfWindows(db, plusMs(now, 45.5 * hour))).toBe(1)
})
