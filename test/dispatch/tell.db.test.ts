import { beforeEach, describe, expect, it } from 'vitest'
import type { Case } from '../../src/cases/store.ts'
import { tellWorkers } from '../../src/dispatch/tell.ts'
import { plusMs } from '../../src/lib/clock.ts'
import { EventId, newId } from '../../src/lib/ids.ts'
import { addAssignedCase, addOffice, addRouted, emptyTables, now, type TestOffice } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
let office: TestOffice
let about: Case
beforeEach(async () => {
  await emptyTables(db)
  office = await addOffice(db)
  about = await addAssignedCase(db, office.commune)
})

const tell = (text = 'Đã rút lại.', originId: string = newId(EventId, now), of: Case = about): Promise<void> =>
  db.transaction().execute((tx) => tellWorkers(tx, of, originId, text, now))
const told = () => db.selectFrom('outbox').selectAll().where('kind', '=', 'notice').orderBy('placeId').execute()
const handedTo = (id: string, kind: 'group' | 'direct', decidedAt = now): Promise<unknown> =>
  addRouted(db, about, { accountId: office.zalo, unitId: office.commune, place: { kind, id }, decidedAt })

describe('those who have the case', () => {
  it('read it in the chat where its card stands', async () => {
    await handedTo(office.officersGroup, 'group')

    await tell()

    expect(await told()).toMatchObject([
      {
        caseId: about.id,
        accountId: office.zalo,
        placeKind: 'group',
        placeId: office.officersGroup,
        address: { chat: office.officersGroup },
        lane: 2,
        text: 'Đã rút lại.',
      },
    ])
  })

  it('are those of the latest decision: whoever had it before reads no more of it', async () => {
    await handedTo(office.officersGroup, 'group', plusMs(now, -1_000))
    await handedTo('quang', 'direct', now)

    await tell()

    expect((await told()).map((row) => row.placeId)).toEqual(['quang'])
  })

  it('are nobody while nobody has it', async () => {
    await tell()

    expect(await told()).toEqual([])
  })

  it('are told the same thing once', async () => {
    await handedTo(office.officersGroup, 'group')
    const originId = newId(EventId, now)

    await tell('Đã rút lại.', originId)
    await tell('Đã rút lại.', originId)

    expect(await told()).toHaveLength(1)
  })

  it('are told of an urgent one first', async () => {
    await handedTo(office.officersGroup, 'group')

    await tell('Cứu với', newId(EventId, now), { ...about, urgent: true })

    expect(await told()).toMatchObject([{ lane: 1 }])
  })
})
