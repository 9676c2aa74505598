/** Somebody who writes: a resident or officer on a phone, or a bot account. */
export type Author = { person: string } | { account: string }

/** One conversation as the simulator knows it, whoever looks at it. */
export type Thread = { group: string } | { account: string; person: string }

export interface Person {
  id: string
  name: string
  phone: string
}

export interface Account {
  uid: string
  name: string
  phone: string
  imei: string
  userAgent: string
  /** Backfill reaches back to here: a fresh web login starts with nothing. */
  historyFrom: number
}

export interface Session {
  token: string
  account: string
  enk: string
  /** Bound at the first login; another device with the same cookie is refused. */
  imei: string | null
  userAgent: string | null
  alive: boolean
}

export interface Group {
  id: string
  name: string
  members: string[]
  accounts: string[]
  /** Accounts that were in it once. */
  former: string[]
  /** People and accounts that may write while it is locked. */
  admins: string[]
  lockViewMember: boolean
  lockSendMsg: boolean
  isDissolved: boolean
  createdAt: number
}

export interface Mention {
  who: Author | 'all'
  pos: number
  len: number
}

export interface Quote {
  msgId: string
  /** What the quoting client sent along; Zalo shows this, not the original. */
  text: string
  attach: string
}

export interface Attachment {
  msgType: 'chat.photo' | 'share.file' | 'chat.sticker'
  content: Record<string, unknown>
}

export interface Message {
  what: 'message'
  id: string
  cliMsgId: string
  thread: Thread
  by: Author
  at: number
  text: string
  attachment: Attachment | null
  quote: Quote | null
  mentions: Mention[]
  undone: boolean
}

interface Undo {
  what: 'undo'
  id: string
  cliMsgId: string
  thread: Thread
  by: Author
  at: number
  target: string
}

interface Reaction {
  what: 'reaction'
  id: string
  cliMsgId: string
  thread: Thread
  by: Author
  at: number
  target: string
  icon: string
  rType: number
  source: number
}

export type SimEvent = Message | Undo | Reaction

/** A rule of the game was broken by the caller: the message says which. */
export class SimError extends Error {
  readonly code = 'sim_refused'
}
