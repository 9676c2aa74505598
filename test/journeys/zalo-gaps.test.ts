import { afterAll, describe, expect, it } from 'vitest'
import { writeSession, type ZaloSession } from '../../bots/zalo/session.ts'
import { agree } from '../../sim/settle.ts'
import { findAdmin, withdrawConsent } from '../../src/accounts/consent.ts'
import { type Gap, gapsSince } from '../../src/accounts/coverage.ts'
import { type Account, findAccount, saveLogin } from '../../src/accounts/store.ts'
import { coverageReport } from '../../src/cli/coverage-report.ts'
import { parseKeyRing } from '../../src/lib/secrets.ts'
import { testDatabase } from '../support/database.ts'
import { openStage } from '../support/stage.ts'
import { furnishDatabase, secretKey } from '../support/town-database.ts'
import { until } from '../support/until.ts'

const { db, connection } = await testDatabase()
const stage = await openStage({ store: { connection } })
const { zalo, town } = stage
const keyRing = parseKeyRing(secretKey)
await furnishDatabase(connection, keyRing, town, zalo)
afterAll(() => stage.close())

const { uid } = town.zalo
const account = async (): Promise<Account> => {
  const found = await findAccount(db, 'zalo', uid)
  if (found === null) throw new Error('the account is gone')
  return found
}
const gaps = (): Promise<Gap[]> => gapsSince(db, new Date(0))
const gapThat = (became: Gap['became'], count: number): Promise<unknown> =>
  until(async () => (await gaps()).filter((gap) => gap.became === became).length === count, {
    what: `${count} gaps that are ${became}`,
    timeoutMs: 60_000,
  })
const connected = (): Promise<unknown> =>
  until(
    async () => {
      const row = db.selectFrom('accounts').select(['state', 'heardUntil']).where('externalId', '=', uid)
      const { state, heardUntil } = await row.executeTakeFirstOrThrow()
      return state === 'connected' && heardUntil !== null
    },
    { what: 'the account is connected', timeoutMs: 60_000 },
  )
const says = (text: string): void => void zalo.say({ group: town.zalo.residentsGroup, person: 'lan', text })
const isKept = (text: string): Promise<unknown> =>
  until(
    async () => {
      const found = db.selectFrom('events').select('id').where('text', '=', text)
      return (await found.execute()).length === 1
    },
    { what: `“${text}” is kept`, timeoutMs: 60_000 },
  )

describe('what is written while the account hears nothing', () => {
  it('a process that is killed: from when to when is known, and it was read later', async () => {
    const first = stage.start()
    await first.started
    await connected()
    await first.kill()
    const killedAt = Date.now()
    says('lúc máy chủ mất điện')
    const second = stage.start()
    await second.started

    await isKept('lúc máy chủ mất điện')

    await gapThat('caught_up', 1)
    const [gap] = await gaps()
    expect(gap?.reason).toBe('process_gone')
    expect(gap?.beganAt.getTime()).toBeLessThanOrEqual(killedAt)
    expect(gap?.endedAt?.getTime()).toBeGreaterThan(killedAt)
    await second.stop()
  }, 180_000)

  it('a process that is stopped: the gap begins then', async () => {
    const [, stopped] = await gaps()
    expect(stopped).toMatchObject({ became: 'lasts', reason: 'closed_1000' })

    const third = stage.start()
    await third.started

    await gapThat('caught_up', 2)
    await third.stop()
  }, 180_000)

  it('consent withdrawn while it runs: cut off within a moment, and read later where it is given again', async () => {
    const running = stage.start()
    await running.started
    await gapThat('caught_up', 3)
    const lost = await account()
    const officerId = await findAdmin(db, lost, town.zalo.admin, new Date())

    await withdrawConsent(db, { accountId: lost.id, officerId }, new Date())

    await until(() => zalo.connections().length === 0, { what: 'the connection is closed' })
    await gapThat('lasts', 1)
    says('lúc tài khoản bị tắt')
    await agree(db, lost, town.zalo.admin, new Date())
    await isKept('lúc tài khoản bị tắt')
    await gapThat('caught_up', 4)
    await running.stop()
  }, 180_000)

  it('after a new login nothing of that comes back, and that is said', async () => {
    await gapThat('lasts', 1)
    says('trước lần đăng nhập mới')
    zalo.killSessions({ account: uid })
    const { imei, userAgent, cookie } = zalo.newCookie(uid)
    const session = { v: 1, uid, imei, userAgent, language: 'vi', cookies: [...cookie] } satisfies ZaloSession
    await saveLogin(db, keyRing, (await account()).id, writeSession(session))

    const running = stage.start()
    await running.started

    await gapThat('new_login', 1)
    expect(await coverageReport(db, new Date(0))).toMatch(
      /không nghe được từ .* đến .*; không đọc lại được: đã đăng nhập lại bằng mã QR\n/,
    )
    await running.stop()
  }, 180_000)
})
