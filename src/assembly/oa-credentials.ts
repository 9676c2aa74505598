import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { readCredentials, writeCredentials } from '../../bots/zalo-oa/credentials.ts'
import type { CredentialStore } from '../../bots/zalo-oa/tokens.ts'
import { holdListener, releaseListener } from '../accounts/lease.ts'
import { type Account, openSecret, saveRefreshed } from '../accounts/store.ts'
import { type Db, transaction } from '../db/client.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { KeyRing } from '../lib/secrets.ts'
import { stopLane } from '../outbox/lane.ts'

interface CredentialRoom {
  readonly db: Db
  readonly keyRing: KeyRing
  readonly clock: Clock
  readonly log: Log
  readonly callTimeoutMs: number
}

/** How often a renewal under way elsewhere is looked at. */
const POLL_MS = 100

/** The sealed row of one Official Account, with a lock that holds in every process of this installation. */
export function sealedCredentials(room: CredentialRoom, account: Account): CredentialStore {
  const { db, keyRing, clock, log, callTimeoutMs } = room
  const { id } = account
  // An OA has no listener; its lease is the lock. It outlives both calls of a renewal, and a process that died in one.
  const leaseMs = 3 * callTimeoutMs

  const held = async (owner: string): Promise<boolean> => {
    for (let tries = Math.ceil(leaseMs / POLL_MS); tries > 0; tries -= 1) {
      if ((await holdListener(db, id, owner, clock(), leaseMs)) !== null) return true
      await wait(POLL_MS)
    }
    return false
  }

  return {
    read: async () => readCredentials(await openSecret(db, keyRing, id)),
    exclusively: async (work) => {
      const owner = `renewal-${process.pid}-${randomUUID()}`
      if (!(await held(owner))) return null
      try {
        return await work((renewed) =>
          transaction(db, 'save-session', (tx) => saveRefreshed(tx, keyRing, account, writeCredentials(renewed))),
        )
      } finally {
        await releaseListener(db, id, owner, clock())
      }
    },
    needsConsent: async (platformCode) => {
      log.error({ platformCode }, 'an admin of the Official Account has to agree anew')
      await transaction(db, 'save-session', (tx) => stopLane(tx, id, 'needs_consent', clock()))
    },
  }
}
