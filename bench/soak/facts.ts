/** What the simulated platforms saw, in the order in which it happened. They know nothing of the product. */
export interface Observed {
  /** What residents wrote. */
  readonly written: readonly Written[]
  /** What officers typed as the answer to one of our cards. */
  readonly answered: readonly Written[]
  /** What officers read and agreed to. */
  readonly agreed: readonly Agreed[]
  /** What the product put out. */
  readonly shown: readonly Shown[]
  /** What the product did about what stood there. */
  readonly done: readonly Done[]
}

export interface Written {
  readonly platform: string
  /** The account that it was written to, as the platform names it. */
  readonly account: string
  readonly id: string
  readonly text: string
}

type Audience = 'public' | 'resident' | 'officer'

/** What a run was set up for. */
export interface Terms {
  /** Nothing of an officer may leave before another one has agreed. */
  readonly needsYes?: boolean
  /** By a bot an officer may read the same twice: nobody can look whether it stands there. */
  readonly officersMayReadTwice?: boolean
}

export interface Shown {
  readonly platform: string
  readonly account: string
  readonly id: string
  readonly audience: Audience
  /** Post, chat or group, as the simulator names it. */
  readonly place: string
  readonly text: string
  /** By the clock that both platforms go by, in milliseconds. */
  readonly at: number
}

/** The whole text that an officer was asked about and said yes to. */
export interface Agreed {
  readonly text: string
  readonly at: number
}

/** Other words for something, that it was taken down, hidden or shown again, or a sign under it. */
export interface Done {
  readonly platform: string
  readonly account: string
  readonly kind: 'edit' | 'delete' | 'hide' | 'unhide' | 'reaction'
  readonly targetId: string
  /** The new words, or the sign; empty where there are none. */
  readonly text: string
  readonly at: number
}

/** What the product says about the same time, row by row. */
export interface Ledger {
  /** Of what people wrote; edits, removals and echoes are not among them. */
  readonly events: readonly LedgerEvent[]
  /** Bodies that arrived and were not read yet. */
  readonly unread: readonly string[]
  readonly cases: readonly LedgerCase[]
  readonly outbox: readonly LedgerMessage[]
}

export interface LedgerEvent {
  readonly platform: string
  readonly account: string
  readonly messageId: string | null
  /** Null: nobody has looked at it yet. */
  readonly outcome: string | null
  readonly caseId: string | null
}

export interface LedgerCase {
  readonly id: string
  readonly code: string
  readonly status: string
  readonly confidentiality: string
  readonly originEvent: string
  readonly texts: readonly string[]
}

export interface LedgerMessage {
  readonly id: string
  readonly platform: string
  readonly account: string
  readonly caseId: string | null
  readonly kind: string
  readonly audience: Audience | 'moderation'
  readonly state: string
  readonly messageId: string | null
  readonly targetId: string | null
  readonly text: string
}

/** Sentences that name what is wrong; every list is empty where nothing is. */
export interface Balance {
  readonly received: number
  readonly accounted: number
  /** How many were accounted for in which way: an outcome, or the state of their case. */
  readonly accountedAs: Readonly<Record<string, number>>
  /** Written and nowhere in the ledger; or out by the ledger's word and nowhere to be seen. */
  readonly lost: readonly string[]
  /** Seen more than once though it was meant once. */
  readonly doubled: readonly string[]
  /** The same in officers' chats, where nothing becomes public. */
  readonly officerDoubles: readonly string[]
  /** Seen although the ledger does not say that it went out; or a row that is stuck on its way. */
  readonly orphaned: readonly string[]
  /** Anything where the public or a resident can read it: of a restricted case, or before somebody had agreed to it. */
  readonly leaked: readonly string[]
}
