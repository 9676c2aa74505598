import { setWebhook } from '../../bots/zalo-bot/api.ts'
import { writeCredentials } from '../../bots/zalo-bot/credentials.ts'
import type { JournalEntry } from '../../sim/zalo-bot/journal.ts'
import { startZaloBotSim } from '../../sim/zalo-bot/server.ts'
import type { ZaloBotSim } from '../../sim/zalo-bot/simulator.ts'
import { inviteOfficer } from '../../src/accounts/invites.ts'
import { type Account, findAccount, saveLogin } from '../../src/accounts/store.ts'
import type { Db } from '../../src/db/client.ts'
import { parseKeyRing } from '../../src/lib/secrets.ts'
import { applySetup } from '../../src/setup/apply.ts'
import { readSetup } from '../../src/setup/setup-file.ts'
import type { Stage } from '../../test/support/stage.ts'
import { secretKey } from '../../test/support/town-database.ts'
import type { Observed, Written } from './facts.ts'
import type { Official } from './official.ts'

const botName = 'Bot Mặt trận Yên Khê'
const officerName = 'Vi Thị Xuân'
const [resident, officer] = ['tai', 'xuan']
const webhookSecret = 'simulated-webhook-secret'

const CARD = / mới · (DH-\w{3}-\w{3})$/m
const DOUBT = /Chưa rõ câu trả lời của (DH-\w{3}-\w{3})/

/**
 * A commune that works by a bot alone: its officer answers each card by its code, and looks where the program asks. Whether
 * the platform sends a webhook again is not documented; here it does, for what it drops by itself nobody can keep.
 */
export async function openBot(
  stage: Stage,
  db: Db,
  { isPolled, isOfficers }: { isPolled: boolean; isOfficers: boolean },
): Promise<Official> {
  const sim = await startZaloBotSim({
    allow: true,
    allowLoopbackWebhook: true,
    redeliveries: 100_000,
    redeliverAfterMs: 200,
  })
  const { id: bot, token } = sim.addBot({ name: botName })
  sim.addPerson({ id: resident, name: 'Ngân Văn Tài' })
  sim.addPerson({ id: officer, name: officerName })
  const account = await setUp(db, bot, token, isPolled)
  const hoa = stage.town.zalo.officers[0]?.name ?? ''
  // A chat is there only once the person has written: the code by which they are bound.
  sim.say({ bot, person: officer, text: await invited(db, isOfficers ? hoa : officerName) })
  if (!isPolled) {
    const url = `http://127.0.0.1:${stage.env.PORT}/webhooks/zalo-bot/${bot}`
    await setWebhook({ token, simUrl: sim.url }, { url, secret: webhookSecret }, 5_000)
  }
  const leave = isOfficers ? () => {} : work(sim, bot)
  return {
    env: { ZALO_BOT_URL: sim.url },
    ask: (text) => void sim.say({ bot, person: resident, text }),
    withdraw: () => {
      throw new Error('a bot is told of no such thing')
    },
    retryNow: () => {},
    tend: async () => {
      if (isOfficers && !(await wasTold(db, account))) stage.zalo.evict(stage.town.zalo.uid)
    },
    observe: () => observe(sim.log, bot),
    stop: async () => {
      leave()
      await sim.stop()
    },
  }
}

/** Whether the officer of the town was told by bot that their own account is used elsewhere. */
async function wasTold(db: Db, { id }: Account): Promise<boolean> {
  const told = db.selectFrom('outbox').select('id').where('accountId', '=', id).where('text', 'like', '%ở nơi khác%')
  return (await told.executeTakeFirst()) !== undefined
}

async function setUp(db: Db, id: string, token: string, isPolled: boolean): Promise<Account> {
  const keyRing = parseKeyRing(secretKey)
  const [code, name] = ['xa-yen-khe', 'Xã Yên Khê']
  const setup = {
    units: [{ code, name, kind: 'commune', signature: 'Ủy ban MTTQ Việt Nam xã Yên Khê' }],
    officers: [{ name: officerName, duties: [{ unit: code, duty: 'answers' }] }],
    accounts: [{ platform: 'zalo_bot', id, name: botName, unit: code, mode: 'publish' }],
  }
  await applySetup(db, keyRing, readSetup(JSON.stringify(setup)), new Date())
  const account = await findAccount(db, 'zalo_bot', id)
  if (account === null) throw new Error('the bot is not set up')
  const credentials = { v: 1, token, webhookSecret: isPolled ? null : webhookSecret } as const
  await saveLogin(db, keyRing, account.id, writeCredentials(credentials))
  return account
}

async function invited(db: Db, name: string): Promise<string> {
  const found = await db.selectFrom('officers').select('id').where('displayName', '=', name).executeTakeFirstOrThrow()
  return inviteOfficer(db, found.id, new Date(), 600_000)
}

/** The officer at work. Returns how to stop. */
function work(sim: ZaloBotSim, bot: string): () => void {
  const [answered, looked] = [new Set<string>(), new Set<string>()]
  const say = (text: string): void => void setImmediate(() => sim.say({ bot, person: officer, text }))
  const stands = (code: string): boolean =>
    sim.conversation({ bot, person: resident }).some(({ text }) => text.includes('CT01') && text.includes(code))
  return sim.follow((entry) => {
    if (entry.kind !== 'posted' || !entry.place.endsWith(`:${officer}`)) return
    const asked = CARD.exec(entry.text)?.[1]
    if (asked !== undefined && !answered.has(asked)) {
      answered.add(asked)
      say(`${asked} Bà con mang CCCD và tờ khai CT01 tới xã trong giờ làm việc.`)
    }
    const doubted = DOUBT.exec(entry.text)?.[1]
    if (doubted === undefined || looked.has(entry.id)) return
    looked.add(entry.id)
    say(`${doubted} ${stands(doubted) ? 'đã đăng' : 'đăng lại'}`)
  })
}

function observe(log: readonly JournalEntry[], account: string): Observed {
  const platform = 'zalo_bot'
  const arrived = new Set(log.flatMap((entry) => (hasArrived(entry) ? [entry.about] : [])))
  const said = log.flatMap((entry) => (entry.kind === 'said' && arrived.has(entry.id) ? [entry] : []))
  const by = (isOfficer: boolean): Written[] =>
    said
      .filter(({ person }) => (person === officer) === isOfficer)
      .map(({ id, text }) => ({ platform, account, id, text }))
  const shown = log.flatMap((entry) => {
    if (entry.kind !== 'posted') return []
    const { id, place, text, at } = entry
    const audience = place.endsWith(`:${officer}`) ? ('officer' as const) : ('resident' as const)
    return [{ platform, account, id, audience, place, text, at }]
  })
  return { written: by(false), answered: by(true), agreed: [], shown, done: [] }
}

/** What reached the product: an answered webhook, or an update that was handed out and arrived. */
function hasArrived(entry: JournalEntry): entry is Extract<JournalEntry, { kind: 'delivery' | 'handed' }> {
  if (entry.kind === 'delivery') return entry.status >= 200 && entry.status < 300
  return entry.kind === 'handed' && entry.arrived
}
