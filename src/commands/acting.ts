import type { Tx } from '../db/client.ts'
import type { StoredEvent } from '../intake/store.ts'
import type { AccountId, CaseId, FileId, OfficerId, OutboxId } from '../lib/ids.ts'
import type { Means } from '../replies/means.ts'

/** An officer's message while it is carried out. */
export interface Acting {
  readonly tx: Tx
  readonly officerId: OfficerId
  readonly message: StoredEvent
  /** What the platform of one of our accounts lets us do. */
  readonly meansOf: (accountId: AccountId) => Promise<Means>
  /** What the message brought to be published, as it is kept with us. */
  readonly photo: FileId | 'lost' | null
  readonly now: Date
}

/** What came of it. */
export interface Effect {
  readonly outcome: string
  /** Said back in the same chat; null where the result itself will be seen. */
  readonly reply: string | null
  readonly routeAgain?: CaseId
  /** What the reply is about, where the message itself names no case. */
  readonly about?: CaseId
  /** Somebody has to agree to it. */
  readonly toApprove?: OutboxId
}
