import { afterAll, expect, it } from 'vitest'
import { inviteOfficer } from '../../src/accounts/invites.ts'
import type { OfficerId } from '../../src/lib/ids.ts'
import { testDatabase } from '../support/database.ts'
import { openOffice } from '../support/office.ts'
import { until } from '../support/until.ts'

const { connection } = await testDatabase()
const office = await openOffice(connection)
const { app, zalo, town } = office
afterAll(() => office.stop())

it('a phone that is handed on with the post is bound to the successor, who is told once', async () => {
  const [hoa, tam] = town.zalo.officers
  if (hoa === undefined || tam === undefined) throw new Error('expected two officers')
  const successor = await officerNamed(tam.name)
  const code = await inviteOfficer(app.db, successor, new Date(), 60_000)

  zalo.say({ account: town.zalo.uid, person: hoa.person, text: code })

  const phone = zalo.uidOf(hoa.person, town.zalo.uid)
  await until(async () => (await boundTo(phone)) === successor, { what: 'the phone is bound to the successor' })
  const read = () => zalo.conversation({ account: town.zalo.uid, person: hoa.person }).map(({ text }) => text)
  await until(() => read().some((text) => text.includes(`Đã liên kết với ${tam.name}`)), {
    what: 'the successor is told',
  })
  expect(read().filter((text) => text.includes(tam.name))).toHaveLength(1)
})

async function officerNamed(name: string): Promise<OfficerId> {
  const { id } = await app.db
    .selectFrom('officers')
    .select('id')
    .where('displayName', '=', name)
    .executeTakeFirstOrThrow()
  return id
}

async function boundTo(externalId: string): Promise<OfficerId | undefined> {
  const identity = await app.db
    .selectFrom('officerIdentities')
    .select('officerId')
    .where('externalId', '=', externalId)
    .executeTakeFirst()
  return identity?.officerId
}
