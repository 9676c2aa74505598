import { beforeEach, expect, it } from 'vitest'
import { type OaCredentials, readCredentials, writeCredentials } from '../../bots/zalo-oa/credentials.ts'
import type { CredentialStore } from '../../bots/zalo-oa/tokens.ts'
import { holdListener } from '../../src/accounts/lease.ts'
import { type Account, getAccount, openSecret, saveLogin } from '../../src/accounts/store.ts'
import { sealedCredentials } from '../../src/assembly/oa-credentials.ts'
import { createLog } from '../../src/lib/log.ts'
import { addAccount, emptyTables, keyRing, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
const first: OaCredentials = {
  v: 1,
  accessToken: 'A1',
  refreshToken: 'R1',
  accessUntil: 1,
  webhookSecrets: ['oa-secret-key'],
}
const second = { ...first, accessToken: 'A2', refreshToken: 'R2' }

let account: Account
beforeEach(async () => {
  await emptyTables(db)
  const id = await addAccount(db, { platform: 'zalo_oa' })
  await saveLogin(db, keyRing, id, writeCredentials(first))
  account = await getAccount(db, id)
})

/** As one of several processes sees the row. */
function open(callTimeoutMs = 1_000, at: Date = now): CredentialStore {
  return sealedCredentials({ db, keyRing, clock: () => at, log: createLog('silent'), callTimeoutMs }, account)
}

async function sealed(): Promise<OaCredentials> {
  return readCredentials(await openSecret(db, keyRing, account.id))
}

it('a renewed pair is committed when save resolves, and other processes see it', async () => {
  const seen = await open().exclusively(async (save) => {
    await save(second)
    return open().read()
  })

  expect(seen).toEqual(second)
  expect(await sealed()).toEqual(second)
})

it('two processes renew one after the other', async () => {
  const order: string[] = []
  const renewal = (name: string) => async (): Promise<void> => {
    order.push(`${name} begins`)
    await open().read()
    order.push(`${name} ends`)
  }

  await Promise.all([open().exclusively(renewal('one')), open().exclusively(renewal('two'))])

  const [begun = ''] = order[0]?.split(' ') ?? []
  const other = begun === 'one' ? 'two' : 'one'
  expect(order).toEqual([`${begun} begins`, `${begun} ends`, `${other} begins`, `${other} ends`])
})

it('who waits in vain does not renew', async () => {
  const waiting = await open().exclusively(() => open(50).exclusively(async () => 'renewed'))

  expect(waiting).toBeNull()
})

it('a process that died in a renewal holds nobody up once its lease is over', async () => {
  await holdListener(db, account.id, 'a process that died', now, 3_000)

  const later = new Date(now.getTime() + 60_000)

  expect(await open(1_000, later).exclusively(async () => 'renewed')).toBe('renewed')
})

it('a pair of an older login is not kept', async () => {
  const store = open()
  const consented = { ...first, accessToken: 'A9', refreshToken: 'R9' }

  await store.exclusively(async (save) => {
    await saveLogin(db, keyRing, account.id, writeCredentials(consented))
    await save(second)
  })

  expect(await sealed()).toEqual(consented)
})

it('where consent is needed, the account stops until a person has seen to it', async () => {
  await open().needsConsent('-14020')

  const lane = db.selectFrom('accountLanes').select(['pauseReason']).where('accountId', '=', account.id)
  const state = db.selectFrom('accounts').select(['state', 'stateReason']).where('id', '=', account.id)
  expect(await state.executeTakeFirst()).toEqual({ state: 'stopped', stateReason: 'needs_consent' })
  expect(await lane.executeTakeFirst()).toEqual({ pauseReason: 'needs_consent' })
})
