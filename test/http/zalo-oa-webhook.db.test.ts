import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeCredentials } from '../../bots/zalo-oa/credentials.ts'
import { readOaBody } from '../../bots/zalo-oa/read.ts'
import { shippedPacing } from '../../config/pacing.ts'
import { saveLogin } from '../../src/accounts/store.ts'
import { OfficialAccounts } from '../../src/assembly/official-accounts.ts'
import { createServer } from '../../src/http/server.ts'
import { type ZaloOaDoor, zaloOaWebhook } from '../../src/http/zalo-oa-webhook.ts'
import { DeliveryKeeper } from '../../src/intake/keep.ts'
import { createLog } from '../../src/lib/log.ts'
import { addAccount, addUnit, emptyTables, keyRing, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db, pool } = await testDatabase()
const appId = '360846524940903967'
const [ours, another, unconnected] = ['388613280878808645', '388613280878808646', '388613280878808647']
const secrets: Readonly<Record<string, string>> = { [ours]: 'secret-of-ours', [another]: 'secret-of-another' }
const person = '246845883529197922'

beforeEach(async () => {
  await emptyTables(db)
  const unitId = await addUnit(db)
  for (const externalId of [ours, another, unconnected]) {
    const id = await addAccount(db, { platform: 'zalo_oa', externalId, unitId })
    const secret = secrets[externalId]
    if (secret === undefined) continue
    const tokens = { accessToken: 'A', refreshToken: 'R', accessUntil: now.getTime() + 1 }
    await saveLogin(db, keyRing, id, writeCredentials({ v: 1, ...tokens, webhookSecrets: [secret] }))
  }
})

interface Stage {
  readonly server: ReturnType<typeof createServer>
  readonly lines: string[]
  readonly counted: string[]
  readonly withdrawals: string[]
}
const stages: Stage[] = []
afterEach(async () => {
  for (const { server } of stages.splice(0)) await server.close()
})

async function open(given: Partial<ZaloOaDoor> = {}): Promise<Stage> {
  const lines: string[] = []
  const counted: string[] = []
  const withdrawals: string[] = []
  const log = createLog('info', { write: (line) => void lines.push(line) })
  const server = createServer(log, null)
  const clock = (): Date => now
  const accounts = new OfficialAccounts({
    db,
    keyRing,
    clock,
    log,
    zaloOa: { appId, appSecret: 'app-secret', macTimestamp: 'body', simUrl: 'http://127.0.0.1:1' },
    openPicture: async () => null,
    waits: shippedPacing.oaWaits,
  })
  await server.register(async (scope) =>
    zaloOaWebhook(scope, {
      judge: (delivery) => accounts.judge(delivery),
      withdrawnBy: (body) => {
        const read = readOaBody(body)
        return read.kind === 'withdraw' ? read.userId : null
      },
      keepWithdrawal: async (oaId, userId) => void withdrawals.push(`${userId} of ${oaId}`),
      keeper: new DeliveryKeeper(pool, clock, () => {}),
      count: (name, reason) => void counted.push(`${name} ${reason}`),
      ...given,
    }),
  )
  const stage = { server, lines, counted, withdrawals }
  stages.push(stage)
  return stage
}

function event(oaId: string, change: object = {}): object {
  return {
    app_id: appId,
    sender: { id: person },
    recipient: { id: oaId },
    event_name: 'user_send_text',
    message: { text: 'Cho hỏi giờ tiếp dân?', msg_id: 'm1' },
    timestamp: String(now.getTime()),
    ...change,
  }
}

function post({ server }: Stage, body: object | string, secret = 'secret-of-ours') {
  const raw = typeof body === 'string' ? body : JSON.stringify(body)
  const timestamp = /"timestamp":"(\d+)"/.exec(raw)?.[1] ?? ''
  const mac = createHash('sha256').update(`${appId}${raw}${timestamp}${secret}`).digest('hex')
  return server.inject({
    method: 'POST',
    url: `/webhooks/zalo-oa/${ours}`,
    payload: raw,
    headers: { 'content-type': 'application/json', 'x-zevent-signature': `mac=${mac}` },
  })
}

function kept() {
  return db.selectFrom('deliveries').select(['platform', 'accountExternalId']).execute()
}

describe('a genuine event', () => {
  it('is committed before it is answered, under the OA that it names', async () => {
    const stage = await open()

    const { statusCode } = await post(stage, event(ours))
    await post(stage, event(another), 'secret-of-another')

    expect(statusCode).toBe(200)
    expect(await kept()).toEqual([
      { platform: 'zalo_oa', accountExternalId: ours },
      { platform: 'zalo_oa', accountExternalId: another },
    ])
  })

  it('that comes again is the same delivery', async () => {
    const stage = await open()

    await post(stage, event(ours))
    await post(stage, event(ours))

    expect(await kept()).toHaveLength(1)
  })

  it('that cannot be kept is a 5xx, so that it comes again', async () => {
    const keep = () => Promise.reject(new Error('the disk is full'))
    const stage = await open({ keeper: { keep } })

    expect((await post(stage, event(ours))).statusCode).toBe(500)
  })

  it('in which somebody wants their data deleted is kept and told, without their words', async () => {
    const stage = await open()

    await post(stage, {
      app_id: appId,
      oa_id: ours,
      user_id: person,
      event_name: 'user_withdraw',
      timestamp: String(now.getTime()),
    })

    expect(await kept()).toHaveLength(1)
    expect(stage.withdrawals).toEqual([`${person} of ${ours}`])
    expect(stage.lines.join()).toContain('somebody asks Zalo that their data be deleted')
    expect(stage.lines.join()).not.toContain(person)
  })
})

describe('anything else is answered 200, counted and dropped', () => {
  it.each([
    ['signed with the secret of another OA', event(ours), 'secret-of-another', 'bad_signature'],
    ['an OA that is not ours', event('1'), 'secret-of-ours', 'unknown_account'],
    ['an OA that nobody has connected', event(unconnected), 'secret-of-ours', 'unknown_account'],
    ['four hours old', event(ours, { timestamp: String(now.getTime() - 4 * 3_600_000) }), 'secret-of-ours', 'stale'],
    ['the portal’s check', {}, 'secret-of-ours', 'unknown_account'],
    ['no JSON', 'xin chào', 'secret-of-ours', 'unknown_account'],
    ['nothing at all', '', 'secret-of-ours', 'unknown_account'],
  ])('%s', async (_name, body, secret, reason) => {
    const stage = await open()

    const { statusCode } = await post(stage, body, secret)

    expect(statusCode).toBe(200)
    expect(stage.counted).toEqual([`refused_zalo_oa ${reason}`])
    expect(await kept()).toEqual([])
  })
})
