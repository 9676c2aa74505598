import { writeCredentials } from '../../bots/zalo-oa/credentials.ts'
import { how } from '../../sim/zalo-oa/how.ts'
import type { JournalEntry } from '../../sim/zalo-oa/journal.ts'
import { startZaloOaSim } from '../../sim/zalo-oa/server.ts'
import { findAccount, saveLogin } from '../../src/accounts/store.ts'
import type { Db } from '../../src/db/client.ts'
import type { AccountId } from '../../src/lib/ids.ts'
import { parseKeyRing } from '../../src/lib/secrets.ts'
import { resumeLane } from '../../src/outbox/lane.ts'
import { applySetup } from '../../src/setup/apply.ts'
import { readSetup } from '../../src/setup/setup-file.ts'
import { answerInstead, type Stage } from '../../test/support/stage.ts'
import { secretKey } from '../../test/support/town-database.ts'
import type { Observed } from './facts.ts'
import type { Official } from './official.ts'

const oa = { id: '388613280878808645', name: 'Mặt trận xã Cát Ngạn', secretKey: 'simulated-oa-secret-key' }
const app = { appId: '360846524940903967', appSecret: 'simulated-app-secret' }
const resident = 'thu'
const day = 24 * 3_600_000

/**
 * The town's commune has an Official Account, whose admin agrees anew whenever that is needed. `isUnheard`: its own
 * messages do not come back, and no answer of Zalo to one of them arrives. `isAtItsEnd`: its token has to be renewed.
 */
export async function openOa(
  stage: Stage,
  db: Db,
  { isUnheard, isAtItsEnd }: { isUnheard: boolean; isAtItsEnd: boolean },
): Promise<Official> {
  const sim = await startZaloOaSim({ allow: true, ...app, retryScale: 0.01 })
  const pair = sim.addOa(oa)
  sim.addPerson({ id: resident, name: 'Lô Thị Thu' })
  const id = await setUp(db, stage.town.setup)
  await keep(db, id, pair, isAtItsEnd ? 0 : Date.now() + day)
  await answerInstead(Number(stage.env.PORT), () =>
    sim.setWebhook(`http://127.0.0.1:${stage.env.PORT}/webhooks/zalo-oa/${oa.id}`),
  )
  sim.pauseWebhooks()
  if (isUnheard) {
    sim.weather({ ownEcho: 'never' })
    sim.fail({ match: { text: /CT01/u }, how: how.doneThenReset() })
  }
  return {
    env: { ZALO_OA_APP_ID: app.appId, ZALO_OA_APP_SECRET: app.appSecret, ZALO_OA_URL: sim.url },
    ask: (text) => void sim.say({ oaId: oa.id, person: resident, text }),
    withdraw: () => sim.withdraw({ oaId: oa.id, person: resident }),
    retryNow: () => {
      sim.releaseWebhooks()
      if (sim.isWebhookDisabled) sim.enableWebhook()
      sim.retryNow()
    },
    tend: async () => {
      const { state } = await db.selectFrom('accounts').select('state').where('id', '=', id).executeTakeFirstOrThrow()
      if (state !== 'stopped') return
      await keep(db, id, sim.addOa(oa), Date.now() + day)
      await resumeLane(db, id, new Date())
    },
    observe: () => observe(sim.log),
    stop: () => sim.stop(),
  }
}

async function setUp(db: Db, town: object): Promise<AccountId> {
  const account = { platform: 'zalo_oa', id: oa.id, name: oa.name, unit: 'xa-cat-ngan', mode: 'publish' }
  const setup = readSetup(JSON.stringify({ ...town, accounts: [account] }))
  await applySetup(db, parseKeyRing(secretKey), setup, new Date())
  const found = await findAccount(db, 'zalo_oa', oa.id)
  if (found === null) throw new Error('the Official Account is not set up')
  return found.id
}

function keep(
  db: Db,
  id: AccountId,
  { accessToken, refreshToken }: { accessToken: string; refreshToken: string },
  accessUntil: number,
): Promise<void> {
  const credentials = { v: 1, accessToken, refreshToken, accessUntil, webhookSecrets: [oa.secretKey] } as const
  return saveLogin(
    db,
    parseKeyRing(secretKey),
    id,
    writeCredentials({ ...credentials, webhookSecrets: [oa.secretKey] }),
  )
}

function observe(log: readonly JournalEntry[]): Observed {
  const [platform, account] = ['zalo_oa', oa.id]
  const written = log.flatMap((entry) =>
    entry.kind === 'person' && entry.what === 'said' && entry.msgId !== null
      ? [{ platform, account, id: entry.msgId, text: entry.text }]
      : [],
  )
  const shown = log.flatMap((entry) =>
    entry.kind === 'posted' && entry.via === 'api'
      ? [
          {
            ...{ platform, account, id: entry.msgId, audience: 'resident' as const },
            ...{ place: entry.userId, text: entry.text, at: entry.at },
          },
        ]
      : [],
  )
  return { written, answered: [], agreed: [], shown, done: [] }
}
