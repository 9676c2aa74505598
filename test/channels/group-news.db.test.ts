import { beforeEach, describe, expect, it } from 'vitest'
import { chatAddress } from '../../src/assembly/bots.ts'
import { tellGroupNews } from '../../src/channels/group-news.ts'
import { plusMs } from '../../src/lib/clock.ts'
import { createLog } from '../../src/lib/log.ts'
import { addOffice, addOutboxRow, emptyTables, now, type TestOffice } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
let office: TestOffice
beforeEach(async () => {
  await emptyTables(db)
  office = await addOffice(db)
})

const log = createLog('silent')
const tell = (): Promise<boolean> => tellGroupNews(db, chatAddress, log, now)
const set = (change: Parameters<typeof update>[1], id = office.residentsGroup) => update(id, change)
type Change = {
  standing?: string
  standingSince?: Date
  membersHiddenSince?: Date | null
  lookWantedAt?: Date
  lookedAt?: Date
}
const update = (id: string, change: Change) =>
  db.updateTable('groups').set(change).where('externalId', '=', id).execute()
const told = async () =>
  (await db.selectFrom('outbox').select(['placeId', 'text']).where('kind', '=', 'notice').orderBy('id').execute()).map(
    ({ placeId, text }) => [placeId, text.split('\n')[0]],
  )

describe('those on duty', () => {
  it('hear nothing of groups that stand as they always did', async () => {
    expect(await tell()).toBe(false)
    expect(await told()).toEqual([])
  })

  it.each([
    ['locked', 'đang khóa'],
    ['removed', 'không còn trong nhóm'],
    ['dissolved', 'đã bị giải tán'],
  ])('hear once that a group is %s, and once that it is open again', async (standing, words) => {
    await set({ standing, standingSince: now })

    expect([await tell(), await tell()]).toEqual([true, false])
    expect(await told()).toEqual([[office.officersGroup, expect.stringContaining(words)]])

    await set({ standing: 'open' })
    expect([await tell(), await tell()]).toEqual([true, false])
    expect(await told()).toHaveLength(2)
  })

  it('hear how much waits', async () => {
    await addOutboxRow(db, { accountId: office.zalo, placeKind: 'group', placeId: office.residentsGroup })
    await set({ standing: 'locked', standingSince: now })

    await tell()

    const { text } = await db.selectFrom('outbox').select('text').where('kind', '=', 'notice').executeTakeFirstOrThrow()
    expect(text).toContain('Có 1 tin đang chờ')
    expect(text).toContain('từ 09:00 ngày 02/03/2026')
  })

  it('hear nothing of a lock that was over before they could be told', async () => {
    await set({ standing: 'locked', standingSince: now })
    await set({ standing: 'open', standingSince: now })

    expect(await tell()).toBe(false)
  })

  it('hear of a lock once the platform was asked whether it concerns us, or was not for long', async () => {
    await set({ standing: 'locked', standingSince: now, lookWantedAt: now, lookedAt: plusMs(now, -1) })
    expect(await tell()).toBe(false)
    expect(await told()).toEqual([])

    await set({ lookedAt: now })
    expect(await tell()).toBe(true)

    await set({ standing: 'open' })
    await tell()
    await set({ standing: 'locked', lookedAt: plusMs(now, -1) })
    expect(await tellGroupNews(db, chatAddress, log, plusMs(now, 10 * 60_000))).toBe(true)
  })

  it('hear once that members are hidden, again when they are hidden anew', async () => {
    await set({ membersHiddenSince: now })
    expect([await tell(), await tell()]).toEqual([true, false])
    await set({ membersHiddenSince: null })
    expect(await tell()).toBe(false)
    await set({ membersHiddenSince: now })

    expect(await tell()).toBe(true)
    expect(await told()).toHaveLength(2)
  })

  it('hear 1:1 of their own group', async () => {
    await set({ standing: 'removed', standingSince: now }, office.officersGroup)

    await tell()

    expect((await told()).map(([place]) => place).sort()).toEqual(['hoa', 'tam'])
  })

  it('are told later where nobody can be reached now', async () => {
    await db.deleteFrom('officerIdentities').execute()
    await set({ standing: 'removed', standingSince: now }, office.officersGroup)
    await db.updateTable('groups').set({ audience: 'residents' }).execute()
    expect(await tell()).toBe(false)

    await db.updateTable('groups').set({ audience: 'officers' }).where('standing', '=', 'open').execute()

    expect(await tell()).toBe(true)
  })
})
