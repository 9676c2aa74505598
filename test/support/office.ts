import type { ClientConfig } from 'pg'
import { loadConfig } from '../../config/load.ts'
import { scaled, shippedPacing } from '../../config/pacing.ts'
import { inviteOfficer } from '../../src/accounts/invites.ts'
import { findAccount, saveSecret } from '../../src/accounts/store.ts'
import { writeSession } from '../../bots/zalo/session.ts'
import { type App, startApp } from '../../src/app.ts'
import { createLog } from '../../src/lib/log.ts'
import { applySetup } from '../../src/setup/apply.ts'
import { readSetup } from '../../src/setup/setup-file.ts'
import { startFacebookSim } from '../../sim/facebook/server.ts'
import type { FacebookSim } from '../../sim/facebook/simulator.ts'
import { buildTown, simulatedApp, type Town } from '../../sim/town.ts'
import { startZaloSim, type ZaloSim } from '../../sim/zalo/sim.ts'
import { until } from './until.ts'

export interface Office {
  readonly app: App
  readonly facebook: FacebookSim
  readonly zalo: ZaloSim
  readonly town: Town
  stop(): Promise<void>
}

const SECRET_KEY = Buffer.alloc(32, 7).toString('base64')

/** The whole product on a test database, between two simulated platforms, with its officers bound as people bind. */
export async function openOffice(connection: ClientConfig, env: Record<string, string> = {}): Promise<Office> {
  const facebook = await startFacebookSim({ allow: true, ...simulatedApp, retryScale: 0.01 })
  const zalo = await startZaloSim({ allow: true })
  const town = buildTown(facebook, zalo)
  const config = loadConfig({
    SIMULATORS: 'allow',
    PORT: '0',
    DATABASE_URL: urlOf(connection),
    SECRET_KEY,
    FACEBOOK_APP_ID: simulatedApp.appId,
    FACEBOOK_APP_SECRET: simulatedApp.appSecret,
    FACEBOOK_VERIFY_TOKEN: simulatedApp.verifyToken,
    FACEBOOK_GRAPH_URL: facebook.url,
    ZALO_SIM_URL: zalo.url,
    LOG_LEVEL: process.env.TEST_LOG ?? 'silent',
    ...env,
  })
  const app = await startApp({ ...config, pacing: scaled(shippedPacing, 0.01) }, { log: createLog(config.logLevel) })
  await settle(app, facebook, zalo, town)
  return {
    app,
    facebook,
    zalo,
    town,
    stop: async () => {
      await app.stop()
      await facebook.stop()
      await zalo.stop()
    },
  }
}

async function settle(app: App, facebook: FacebookSim, zalo: ZaloSim, town: Town): Promise<void> {
  const now = new Date()
  await applySetup(app.db, app.keyRing, readSetup(JSON.stringify(town.setup)), now)
  await giveSecret(app, 'facebook', town.pageId, town.pageToken)
  const { imei, userAgent, cookie } = town.zalo.credentials
  const session = writeSession({ v: 1, uid: null, imei, userAgent, language: 'vi', cookies: [...cookie] })
  await giveSecret(app, 'zalo', town.zalo.uid, session)
  await facebook.setWebhook({ url: `${app.url}/webhooks/facebook` })
  await until(() => zalo.connections().length > 0, { what: 'the Zalo account is connected' })
  for (const officer of [...town.zalo.officers, town.zalo.deskOfficer]) {
    const { id } = await app.db.selectFrom('officers').select('id').where('displayName', '=', officer.name).executeTakeFirstOrThrow()
    const code = await inviteOfficer(app.db, id, now, 60_000)
    zalo.say({ account: town.zalo.uid, person: officer.person, text: code })
  }
  await until(async () => (await app.db.selectFrom('officerIdentities').select('officerId').execute()).length === 3, {
    what: 'the officers are bound',
  })
}

async function giveSecret(app: App, platform: string, externalId: string, secret: string): Promise<void> {
  const account = await findAccount(app.db, platform, externalId)
  if (account === null) throw new Error(`no ${platform} account ${externalId}`)
  await saveSecret(app.db, app.keyRing, account.id, secret)
}

function urlOf({ host, port, user, password, database }: ClientConfig): string {
  const url = new URL(`postgres://localhost/${database ?? ''}`)
  if (user !== undefined) url.username = user
  if (typeof password === 'string') url.password = password
  if (host !== undefined) url.searchParams.set('host', host)
  if (port !== undefined) url.searchParams.set('port', String(port))
  return url.href
}
