import { beforeEach, expect, it } from 'vitest'
import { keepWithdrawal } from '../../src/channels/withdrawal.ts'
import type { AccountId } from '../../src/lib/ids.ts'
import { addAccount, addCase, addEvent, addOffice, emptyTables, now, type TestOffice } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
const [oaId, userId] = ['388613280878808645', '246845883529197922']

let office: TestOffice
let oa: AccountId
beforeEach(async () => {
  await emptyTables(db)
  await db.deleteFrom('platformRequests').execute()
  office = await addOffice(db)
  oa = await addAccount(db, { platform: 'zalo_oa', externalId: oaId, unitId: office.commune, name: 'Mặt trận xã' })
})

const withdraw = (body: string): Promise<void> =>
  keepWithdrawal(db, { oaId, userId, rawBody: Buffer.from(body) }, (_platform, { id }) => ({ chat: id }), now)
const requests = () => db.selectFrom('platformRequests').selectAll().execute()
const told = () => db.selectFrom('outbox').select(['placeId', 'text']).where('kind', '=', 'notice').execute()
const ask = async (confidentiality: string) => {
  const event = await addEvent(db, oa, { place: { kind: 'direct', id: userId }, authorId: userId })
  return addCase(db, { event, confidentiality })
}

it('is written down like what Facebook asks, without the id of the person, and those on duty are told', async () => {
  const open = await ask('public')
  const secret = await ask('restricted')

  await withdraw('{"event_name":"user_withdraw","timestamp":"1"}')

  const [request, ...more] = await requests()
  expect(more).toEqual([])
  expect(request).toMatchObject({ platform: 'zalo_oa', kind: 'data_deletion', requestedAt: now })
  expect(JSON.stringify(request)).not.toContain(userId)
  const [notice, ...others] = await told()
  expect(others).toEqual([])
  expect(notice?.placeId).toBe(office.officersGroup)
  for (const part of ['yêu cầu xóa dữ liệu', open.code, request?.code ?? '?']) expect(notice?.text).toContain(part)
  expect(notice?.text).not.toContain(secret.code)
})

it('that comes again is the same one; another one of the same person is not', async () => {
  await withdraw('{"timestamp":"1"}')
  await withdraw('{"timestamp":"1"}')
  expect([(await requests()).length, (await told()).length]).toEqual([1, 1])

  await withdraw('{"timestamp":"2"}')
  expect([(await requests()).length, (await told()).length]).toEqual([2, 2])
})
