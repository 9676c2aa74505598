import { afterEach } from 'vitest'
import type { OaCredentials } from '../../../bots/zalo-oa/credentials.ts'
import { oaPublisher } from '../../../bots/zalo-oa/publisher.ts'
import { renew } from '../../../bots/zalo-oa/renew.ts'
import { type CredentialStore, type OaTokens, oaTokens } from '../../../bots/zalo-oa/tokens.ts'
import { shippedPacing } from '../../../config/pacing.ts'
import { startZaloOaSim } from '../../../sim/zalo-oa/server.ts'
import type { ZaloOaSim } from '../../../sim/zalo-oa/simulator.ts'
import { AccountId, newId, OutboxId } from '../../../src/lib/ids.ts'
import type { OutboundMessage } from '../../../src/outbox/outbound.ts'
import type { OpenPicture, Publisher } from '../../../src/outbox/publisher.ts'

export const oaId = '388613280878808645'
const app = { appId: '360846524940903967', appSecret: 'simulated-app-secret' }
const hour = 3_600_000

/** A store as one process sees it; `log` is what was done to it, in order. */
interface MemoryStore extends CredentialStore {
  held: OaCredentials
  readonly log: string[]
}

export interface OaStage {
  readonly sim: ZaloOaSim
  readonly store: MemoryStore
  readonly tokens: OaTokens
  readonly publisher: Publisher
  /** Where adapter and simulator believe time to be. */
  readonly clock: { now: number }
  readonly quotas: string[]
  /** Another process of the same installation. */
  otherTokens(): OaTokens
}

const toStop: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of toStop.splice(0).reverse()) await stop()
})

/** One OA to which Lan has written, and its adapter. */
export async function openOa(options: { openPicture?: OpenPicture; callTimeoutMs?: number } = {}): Promise<OaStage> {
  const clock = { now: 1_793_000_000_000 }
  const sim = await startZaloOaSim({ allow: true, ...app, now: () => clock.now })
  toStop.push(() => sim.stop())
  const { accessToken, refreshToken } = sim.addOa({ id: oaId, name: 'Mặt trận', secretKey: 'oa-secret-key' })
  sim.addPerson({ id: 'lan', name: 'Nguyễn Thị Lan' })
  const accessUntil = clock.now + 25 * hour
  const store = memoryStore({ v: 1, accessToken, refreshToken, accessUntil, webhookSecrets: ['oa-secret-key'] })
  const waits = { ...shippedPacing.oaWaits, callTimeoutMs: options.callTimeoutMs ?? 5_000 }
  const simUrl = sim.url
  const now = (): Date => new Date(clock.now)
  const open = (): OaTokens =>
    oaTokens({
      store,
      renew: (token) => renew({ simUrl, timeoutMs: waits.callTimeoutMs }, app, token),
      renewEarlyMs: waits.renewEarlyMs,
      clock: now,
    })
  const tokens = open()
  const quotas: string[] = []
  const publisher = oaPublisher({
    simUrl,
    tokens,
    openPicture: options.openPicture ?? (async () => null),
    onQuota: ({ quota_type }) => void quotas.push(quota_type),
    waits,
    clock: now,
  })
  return { sim, store, tokens, publisher, clock, quotas, otherTokens: open }
}

function memoryStore(first: OaCredentials): MemoryStore {
  let last: Promise<unknown> = Promise.resolve()
  const store: MemoryStore = {
    held: first,
    log: [],
    read: async () => store.held,
    exclusively: (work) => {
      const mine = last.then(() =>
        work(async (renewed) => {
          store.held = renewed
          store.log.push('saved')
        }),
      )
      last = mine.catch(() => {})
      return mine
    },
    needsConsent: async (code) => void store.log.push(`needs_consent ${code}`),
  }
  return store
}

export function outbound(
  address: OutboundMessage['address'],
  text: string,
  change: Partial<OutboundMessage> = {},
): OutboundMessage {
  const now = new Date(1_793_000_000_000)
  return {
    id: newId(OutboxId, now),
    accountId: newId(AccountId, now),
    caseId: null,
    kind: 'answer',
    audience: 'resident',
    address,
    text,
    fileId: null,
    targetId: null,
    link: null,
    claimedAt: now,
    ...change,
  }
}

/** What Lan sees of the OA's words. */
export function answers(sim: ZaloOaSim): string[] {
  return sim.conversation(oaId, 'lan').flatMap(({ fromOa, text }) => (fromOa ? [text] : []))
}
