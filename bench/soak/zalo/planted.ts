import { z } from 'zod'
import { Quote } from '../../../bots/zalo/address.ts'
import { readSession } from '../../../bots/zalo/session.ts'
import { logIn, type ZaloConnection } from '../../../bots/zalo/zca.ts'
import { findAccount, openSecret } from '../../../src/accounts/store.ts'
import { type Connection, type Db, openDb, openPool } from '../../../src/db/client.ts'
import { parseKeyRing } from '../../../src/lib/secrets.ts'
import { openStage } from '../../../test/support/stage.ts'
import { cloneTemplate, secretKey } from '../../../test/support/town-database.ts'
import { until } from '../../../test/support/until.ts'
import { employOfficers } from '../officers.ts'
import { casesPublished, rest } from '../rest.ts'
import type { Outcome, SoakRoom } from '../scenario.ts'
import { ONE_QUESTION_IN, type Questions, speak } from './talk.ts'
import { buildCommunes, settleCommunes } from './villages.ts'
import { weighZalo } from './weigh.ts'

const MESSAGES = 3 * ONE_QUESTION_IN

/**
 * After a short talk one of our answers is posted a second time with the account's own session, something is said under
 * what was no question, and a resident writes what neither the socket nor the history brings.
 */
export async function plantOnZalo(
  { lifecycle }: Pick<SoakRoom, 'lifecycle'>,
  server: Connection,
  template: string,
): Promise<Record<'before' | 'lost' | 'doubled' | 'unasked', Outcome>> {
  const database = await cloneTemplate(server, template)
  const pool = openPool(database.connection, 'app,public', 2, () => {})
  lifecycle.add('pool of the talk', () => pool.end())
  const db = openDb(pool)
  const stage = await openStage({ store: { connection: database.connection } })
  lifecycle.add('stage of the talk', () => stage.close())
  const { zalo } = stage
  const communes = buildCommunes(zalo, stage.town)
  await settleCommunes(db, zalo, stage.town, communes)
  const offices = communes.map((commune) => employOfficers(zalo, { zalo: commune }))
  lifecycle.add('officers of the talk', async () => {
    for (const office of offices) office.leave()
  })
  const questions: Questions = new Map()
  const lately = new Map<string, string>()
  for (let n = 1; n <= MESSAGES; n += 1) speak(zalo, communes, n, questions, lately)
  const child = stage.start()
  await rest(child, db, casesPublished(questions.size))
  const look = (run: string): Promise<Outcome> => weighZalo(run, zalo.log, { questions, communes }, db)

  const before = await look('a talk on Zalo before anything is planted')
  const [commune] = communes
  if (commune === undefined) throw new Error('expected communes')
  zalo.failDeliveries({ do: 'vanish', account: commune.uid })
  speak(zalo, communes, communes.length, questions, lately)
  const isCaughtUp = async (): Promise<boolean> => {
    const { caughtUpAt } = await db
      .selectFrom('accounts')
      .select('caughtUpAt')
      .where('externalId', '=', commune.uid)
      .executeTakeFirstOrThrow()
    return caughtUpAt !== null && caughtUpAt > asked
  }
  const asked = new Date()
  await until(() => zalo.terminate(commune.uid))
  await until(isCaughtUp, { what: 'everything has been asked for again' })
  const lost = await look('a planted loss on Zalo')
  await child.stop()
  const { address } = await db
    .selectFrom('outbox')
    .innerJoin('accounts', 'accounts.id', 'outbox.accountId')
    .select('outbox.address')
    .where('outbox.kind', '=', 'answer')
    .where('accounts.externalId', '=', commune.uid)
    .limit(1)
    .executeTakeFirstOrThrow()
  const { groupId, quote } = InGroup.parse(address)
  const answer = zalo.log.find((entry) => entry.what === 'posted' && entry.quote === quote.msgId)
  const session = await logInBeside(db, zalo.url, commune.uid)
  await session.sendText('group', groupId, { msg: answer?.what === 'posted' ? answer.text : '', quote })
  const doubled = await look('a planted double on Zalo')
  await session.sendText('group', groupId, { msg: 'Xã chào bà con.' })
  const unasked = await look('a planted word on Zalo that nobody asked for')
  return { before, lost, doubled, unasked }
}

const InGroup = z.object({ type: z.literal('group'), groupId: z.string(), quote: Quote })

/** The account's own session, in the hands of somebody else. */
async function logInBeside(db: Db, simUrl: string, uid: string): Promise<ZaloConnection> {
  const account = await findAccount(db, 'zalo', uid)
  if (account === null) throw new Error(`the Zalo account ${uid} is not set up`)
  const session = readSession(await openSecret(db, parseKeyRing(secretKey), account.id))
  return logIn({ session, simUrl, callTimeoutMs: 10_000, onCookies: () => {} })
}
