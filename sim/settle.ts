import { setTimeout as wait } from 'node:timers/promises'
import { writeSession } from '../bots/zalo/session.ts'
import { consentOf, findAdmin, giveConsent } from '../src/accounts/consent.ts'
import { inviteOfficer } from '../src/accounts/invites.ts'
import { type Account, findAccount, findOfficer, listAccounts, openSecret, saveLogin } from '../src/accounts/store.ts'
import type { App } from '../src/app.ts'
import { applySetup } from '../src/setup/apply.ts'
import { readSetup } from '../src/setup/setup-file.ts'
import { consentWords } from '../src/texts/zalo-consent.ts'
import type { FacebookSim } from './facebook/simulator.ts'
import type { Town } from './town.ts'
import type { ZaloSim } from './zalo/sim.ts'

const INVITE_VALID_MS = 60_000
const PATIENCE_MS = 30_000

/**
 * Before the program listens: the town stands in its database, and its accounts have their secrets. A town that is
 * there already is left as it is, with whatever its people have changed and the sessions that the program has saved.
 */
export async function furnish({ db, keyRing }: Pick<App, 'db' | 'keyRing'>, town: Town, now: Date): Promise<void> {
  const secrets = [
    ...town.pages.map(({ id, token }) => ({ platform: 'facebook', externalId: id, secret: token })),
    { platform: 'zalo', externalId: town.zalo.uid, secret: zaloSession(town) },
  ]
  if (await isToBeSetUp(db, town)) await applySetup(db, keyRing, readSetup(JSON.stringify(town.setup)), now)
  for (const { platform, externalId, secret } of secrets) {
    const { id } = await accountOf(db, platform, externalId)
    if ((await openSecret(db, keyRing, id)) === '') await saveLogin(db, keyRing, id, secret)
  }
  for (const account of await listAccounts(db, 'zalo')) {
    if ((await consentOf(db, account.id)) === null) await agree(db, account, town.zalo.admin, now)
  }
}

/** The admin agrees to the use of a simulated account, as a person does to that of a real one. */
export async function agree(db: App['db'], account: Account, admin: string, now: Date): Promise<void> {
  const officerId = await findAdmin(db, account, admin, now)
  await giveConsent(db, { accountId: account.id, officerId, words: consentWords }, now)
}

/** Once it listens: Facebook knows where to call, Zalo is connected, and every officer is bound by a one-time code. */
export async function settle(
  { db, url }: Pick<App, 'db' | 'url'>,
  { facebook, zalo }: { readonly facebook: FacebookSim; readonly zalo: ZaloSim },
  town: Town,
  now: Date,
): Promise<void> {
  await facebook.setWebhook({ url: `${url}/webhooks/facebook` })
  await reached('the Zalo account is connected', async () => zalo.connections().length > 0)
  const account = await accountOf(db, 'zalo', town.zalo.uid)
  for (const { person, name } of [...town.zalo.officers, town.zalo.deskOfficer]) {
    const uid = zalo.uidOf(person, town.zalo.uid)
    const isBound = async (): Promise<boolean> => (await findOfficer(db, account.id, uid)) !== null
    if (await isBound()) continue
    const { id } = await db
      .selectFrom('officers')
      .select('id')
      .where('displayName', '=', name)
      .executeTakeFirstOrThrow()
    zalo.say({ account: town.zalo.uid, person, text: await inviteOfficer(db, id, now, INVITE_VALID_MS) })
    await reached(`${person} is bound`, isBound)
  }
}

/** New, or older than the admin, without whom nobody may agree to the use of its account. */
async function isToBeSetUp(db: App['db'], { zalo }: Town): Promise<boolean> {
  if ((await findAccount(db, 'zalo', zalo.uid)) === null) return true
  const admin = await db.selectFrom('officers').select('id').where('displayName', '=', zalo.admin).executeTakeFirst()
  return admin === undefined
}

function zaloSession({ zalo }: Town): string {
  const { imei, userAgent, cookie } = zalo.credentials
  return writeSession({ v: 1, uid: null, imei, userAgent, language: 'vi', cookies: [...cookie] })
}

async function accountOf(db: App['db'], platform: string, externalId: string): Promise<Account> {
  const account = await findAccount(db, platform, externalId)
  if (account === null) throw new Error(`the ${platform} account ${externalId} is not set up`)
  return account
}

async function reached(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited ${PATIENCE_MS} ms in vain until ${what}`)
    await wait(20)
  }
}
