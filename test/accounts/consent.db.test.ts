import { beforeEach, expect, it } from 'vitest'
import { consentOf, findAdmin, giveConsent, standingConsents, withdrawConsent } from '../../src/accounts/consent.ts'
import { getAccount } from '../../src/accounts/store.ts'
import { plusMs } from '../../src/lib/clock.ts'
import type { AccountId, OfficerId, UnitId } from '../../src/lib/ids.ts'
import { consentStatement, consentVersion } from '../../src/texts/zalo-consent.ts'
import { addAccount, addOfficer, addUnit, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()

let province: UnitId
let commune: UnitId
let zalo: AccountId
let admin: OfficerId
beforeEach(async () => {
  await emptyTables(db)
  province = await addUnit(db, { kind: 'province' })
  commune = await addUnit(db, { parentId: province })
  zalo = await addAccount(db, { platform: 'zalo', unitId: commune, name: 'Mặt trận xã' })
  admin = await addOfficer(db, { name: 'Hồ Sỹ Nam', duties: [{ unitId: province, duty: 'administers' }] })
})

const agree = (officerId: OfficerId, words = 'tôi đồng ý', at = now): Promise<void> =>
  giveConsent(db, { accountId: zalo, officerId, words }, at)

it('what was agreed to is kept word for word, with who and when', async () => {
  await agree(admin)

  expect(await consentOf(db, zalo)).toEqual({
    accountId: zalo,
    officerName: 'Hồ Sỹ Nam',
    at: now,
    version: consentVersion,
    isCurrent: true,
  })
  const rows = await db.selectFrom('accountConsents').selectAll().execute()
  expect(rows).toMatchObject([{ officerId: admin, statement: consentStatement, statementVersion: consentVersion }])
})

it.each(['đồng ý', 'tôi không đồng ý', '', 'ok', 'tôi đồng ý lắm'])('“%s” is no consent', async (words) => {
  await expect(agree(admin, words)).rejects.toThrow('nothing was agreed to')

  expect(await consentOf(db, zalo)).toBeNull()
})

it.each(['Tôi đồng ý', ' TÔI  ĐỒNG Ý. ', 'tôi đồng ý'.normalize('NFD')])('“%s” is consent', async (words) => {
  await agree(admin, words)

  expect(await consentOf(db, zalo)).not.toBeNull()
})

it.each([
  ['answers', 'own'],
  ['administers', 'elsewhere'],
] as const)('somebody who %s in a unit %s cannot agree', async (duty, where) => {
  const unitId = where === 'own' ? commune : await addUnit(db)
  const officer = await addOfficer(db, { name: 'Lê Văn Tâm', duties: [{ unitId, duty }] })

  await expect(agree(officer)).rejects.toThrow('"Lê Văn Tâm" does not hold the duty "administers"')
})

it('an admin is found by name, and nobody else is', async () => {
  const account = await getAccount(db, zalo)

  expect(await findAdmin(db, account, 'Hồ Sỹ Nam', now)).toBe(admin)
  await expect(findAdmin(db, account, 'Hồ Sỹ', now)).rejects.toThrow('no officer is named "Hồ Sỹ"')
  await addOfficer(db, { name: 'Hồ Sỹ Nam', duties: [{ unitId: commune, duty: 'administers' }] })
  await expect(findAdmin(db, account, 'Hồ Sỹ Nam', now)).rejects.toThrow('several officers are named')
})

it('what was withdrawn holds no more, and may be given again', async () => {
  await agree(admin)
  await withdrawConsent(db, { accountId: zalo, officerId: admin }, plusMs(now, 1))
  expect(await consentOf(db, zalo)).toBeNull()
  await expect(withdrawConsent(db, { accountId: zalo, officerId: admin }, now)).rejects.toThrow('nothing to withdraw')

  await agree(admin, 'tôi đồng ý', plusMs(now, 2))

  expect((await consentOf(db, zalo))?.at).toEqual(plusMs(now, 2))
})

it('consent to an older statement still holds, and is not current', async () => {
  await db
    .insertInto('accountConsents')
    .values({
      accountId: zalo,
      officerId: admin,
      officerName: 'Hồ Sỹ Nam',
      at: now,
      what: 'given',
      statementVersion: consentVersion - 1,
      statement: 'như trước',
    })
    .execute()

  expect((await standingConsents(db)).get(zalo)).toMatchObject({ version: consentVersion - 1, isCurrent: false })
})

it('nobody can change what was agreed to', async () => {
  await agree(admin)

  await expect(db.updateTable('accountConsents').set({ officerName: 'Khác' }).execute()).rejects.toThrow()
  await expect(db.deleteFrom('accountConsents').execute()).rejects.toThrow()
})
