import type { Clock } from '../../src/lib/clock.ts'
import { AppError } from '../../src/lib/errors.ts'
import type { OaCredentials } from './credentials.ts'
import type { Renewal } from './renew.ts'

/** Where an OA's tokens live: a sealed row that several processes share. */
export interface CredentialStore {
  /** As they are at this moment; another process may have renewed them. */
  read(): Promise<OaCredentials>
  /**
   * Runs `work` while nobody else, in whichever process, renews this OA's tokens. `save` resolves once the new pair is
   * committed. Null: somebody else is at it and did not finish in time.
   */
  exclusively<T>(work: (save: (renewed: OaCredentials) => Promise<void>) => Promise<T>): Promise<T | null>
  /** Only an admin of the OA can help: they have to agree anew. Resolves when that is written down. */
  needsConsent(code: string): Promise<void>
}

/** Nothing works before an admin of the OA has agreed anew. */
export class ConsentNeededError extends AppError {
  readonly code = 'needs_consent'
}

/** It does not work at the moment, and nothing has been sent. */
export class NotNowError extends AppError {
  readonly code = 'not_now'
}

export interface OaTokens {
  /** An access token that is good for a while yet. */
  current(): Promise<string>
  /** Zalo has refused this one: the next, unless it has been renewed already. */
  after(refused: string): Promise<string>
}

interface TokensOptions {
  readonly store: CredentialStore
  readonly renew: (refreshToken: string) => Promise<Renewal>
  readonly renewEarlyMs: number
  readonly clock: Clock
}

/** Hands out access tokens and renews them in time: the new pair is committed before anybody uses it. */
export function oaTokens({ store, renew, renewEarlyMs, clock }: TokensOptions): OaTokens {
  let underWay: Promise<string> | null = null

  const renewed = (refused: string | null): Promise<string> => {
    // Within one process everybody waits for the same renewal; whoever was refused looks at its outcome.
    underWay ??= renewOnce(refused).finally(() => {
      underWay = null
    })
    return underWay
  }

  const renewOnce = async (refused: string | null): Promise<string> => {
    const token = await store.exclusively(async (save) => {
      const held = await store.read()
      if (held.accessToken !== refused && !isDue(held)) return held.accessToken
      return renewHeld(held, refused, save)
    })
    if (token === null) throw new NotNowError('another process is renewing the tokens')
    return token
  }

  const renewHeld = async (
    held: OaCredentials,
    refused: string | null,
    save: (next: OaCredentials) => Promise<void>,
  ): Promise<string> => {
    let renewal = await renew(held.refreshToken)
    // Spent or not, asking once more does no harm: it was either not carried out, or is lost already.
    if (renewal.is === 'lost') renewal = await renew(held.refreshToken)
    if (renewal.is === 'renewed') {
      const { accessToken, refreshToken, expiresInMs } = renewal.pair
      await save({ ...held, accessToken, refreshToken, accessUntil: clock().getTime() + expiresInMs })
      return accessToken
    }
    if (renewal.is === 'refused') {
      await store.needsConsent(renewal.code)
      throw new ConsentNeededError('an admin of the Official Account has to agree anew', {
        details: { platformCode: renewal.code },
      })
    }
    if (held.accessToken !== refused && held.accessUntil > clock().getTime()) return held.accessToken
    throw new NotNowError('the tokens could not be renewed', { details: { platformCode: renewal.code } })
  }

  const isDue = ({ accessUntil }: OaCredentials): boolean => accessUntil - clock().getTime() < renewEarlyMs

  return {
    current: async () => {
      const held = await store.read()
      return isDue(held) ? renewed(null) : held.accessToken
    },
    after: async (refused) => {
      const token = await renewed(refused)
      // Somebody else's renewal may have given back the very token that was refused here.
      return token === refused ? renewed(refused) : token
    },
  }
}
