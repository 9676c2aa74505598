import { createServer } from 'node:http'
import { expect, inject, it } from 'vitest'
import { makeTemplate } from '../../bench/soak/matrix.ts'
import { employOfficers } from '../../bench/soak/officers.ts'
import { casesPublished, rest } from '../../bench/soak/rest.ts'
import { writeCredentials } from '../../bots/zalo-oa/credentials.ts'
import { how } from '../../sim/zalo-oa/how.ts'
import { startZaloOaSim } from '../../sim/zalo-oa/server.ts'
import { findAccount, saveLogin } from '../../src/accounts/store.ts'
import { type Db, openDb, openPool } from '../../src/db/client.ts'
import { parseKeyRing } from '../../src/lib/secrets.ts'
import { applySetup } from '../../src/setup/apply.ts'
import { readSetup } from '../../src/setup/setup-file.ts'
import { openStage } from '../support/stage.ts'
import { cloneTemplate, secretKey } from '../support/town-database.ts'

const oaId = '388613280878808645'
const oaSecret = 'simulated-oa-secret-key'
const app = { appId: '360846524940903967', appSecret: 'simulated-app-secret' }
const server = inject('testServer')
const template = await makeTemplate(server)

it.each([
  'keep-deliveries:after', // kept, and Zalo got no 200
  'zalo-oa-renew:before',
  'zalo-oa-send:before',
  'zalo-oa-send:after', // it stands there, and nobody wrote that down
  'zalo-oa-read-chat:after',
  'enqueue-send-zalo-oa:before#3', // the first ones are of a process that has only just started
])(
  'killed at %s, the product answers the question to its Official Account exactly once',
  async (failpoint) => {
    const database = await cloneTemplate(server, template)
    const pool = openPool(database.connection, 'app,public', 2, () => {})
    const db = openDb(pool)
    const oa = await startZaloOaSim({ allow: true, ...app, retryScale: 0.02 })
    const stage = await openStage({ store: { connection: database.connection } })
    const officers = employOfficers(stage.zalo, stage.town)
    const env = { ZALO_OA_APP_ID: app.appId, ZALO_OA_APP_SECRET: app.appSecret, ZALO_OA_URL: oa.url }
    const { refreshToken, accessToken } = oa.addOa({ id: oaId, name: 'Mặt trận xã Cát Ngạn', secretKey: oaSecret })
    oa.addPerson({ id: 'lan', name: 'Nguyễn Thị Lan' })
    try {
      // Renewed at once, or not at all: killed between Zalo's answer and the commit, an OA needs its admin.
      const accessUntil = failpoint.startsWith('zalo-oa-renew') ? 0 : Date.now() + 25 * 3_600_000
      await connect(db, stage.town.setup, { accessToken, refreshToken, accessUntil })
      await introduce(Number(stage.env.PORT), (url) => oa.setWebhook(`${url}/webhooks/zalo-oa/${oaId}`))
      oa.pauseWebhooks()
      oa.say({ oaId, person: 'lan', text: 'Cho hỏi thủ tục tách hộ khẩu cần giấy tờ gì?' })
      if (failpoint.startsWith('zalo-oa-read-chat')) {
        oa.weather({ ownEcho: 'never' })
        oa.fail({ match: { text: /CT01/u }, how: how.doneThenReset() })
      }

      const first = stage.start(failpoint, env)
      if (await first.started) oa.releaseWebhooks()
      expect(await rest(first, db, casesPublished(1))).toBe('ended')
      expect((await first.ended).signal).toBe('SIGKILL')
      const second = stage.start(undefined, env)
      if (await second.started) oa.releaseWebhooks()
      oa.retryNow()
      expect(await rest(second, db, casesPublished(1))).toBe('at rest')
      await second.stop()

      const ours = oa.conversation(oaId, 'lan').filter(({ fromOa }) => fromOa)
      const marks = ours.map(({ text }) => /Mã: DH-\w{3}-\w{3} · \d$/u.exec(text)?.[0].slice(-1))
      expect(marks.sort()).toEqual(['1', '2'])
      expect(officers.answers).toBe(1)
    } finally {
      officers.leave()
      await stage.close()
      await oa.stop()
      await pool.end()
      await database.drop()
    }
  },
  120_000,
)

async function connect(
  db: Db,
  setup: object,
  tokens: { accessToken: string; refreshToken: string; accessUntil: number },
): Promise<void> {
  const keyRing = parseKeyRing(secretKey)
  const account = { platform: 'zalo_oa', id: oaId, name: 'Mặt trận xã Cát Ngạn', unit: 'xa-cat-ngan', mode: 'publish' }
  await applySetup(db, keyRing, readSetup(JSON.stringify({ ...setup, accounts: [account] })), new Date())
  const found = await findAccount(db, 'zalo_oa', oaId)
  if (found === null) throw new Error('the Official Account is not set up')
  await saveLogin(db, keyRing, found.id, writeCredentials({ v: 1, ...tokens, webhookSecrets: [oaSecret] }))
}

/** Zalo sends nothing before its check, and the product may be killed before it can answer that: somebody else does. */
async function introduce(port: number, check: (url: string) => Promise<void>): Promise<void> {
  const stand = createServer((_request, response) => response.end())
  await new Promise<void>((resolve) => stand.listen(port, '127.0.0.1', resolve))
  await check(`http://127.0.0.1:${port}`)
  await new Promise((resolve) => {
    stand.close(resolve)
    stand.closeAllConnections()
  })
}
