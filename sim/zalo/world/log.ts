import type { Author, Mention, Thread } from './types.ts'

interface Written {
  msgId: string
  thread: Thread
  text: string
  quote: string | null
  /** Accounts whose socket was open and got the frame (or a fault's version of it). */
  sentTo: string[]
}

/** What happened, as facts that are only ever added. */
export type LogFact =
  | ({ what: 'said'; person: string; mentions: Mention[]; msgType: string } & Written)
  | ({ what: 'posted'; account: string; cliMsgId: string; msgType: string; via: 'api' | 'phone' } & Written)
  | { what: 'undone'; by: Author; msgId: string; thread: Thread }
  | { what: 'reacted'; by: Author; msgId: string; thread: Thread; icon: string }
  | { what: 'call'; account: string | null; path: string; params: Record<string, unknown>; answer: string }
  | { what: 'login'; account: string; step: 'cookie' | 'qr' | 'refused'; why: string | null }
  | { what: 'socket'; account: string | null; step: 'open' | 'close' | 'backfill'; detail: string }
  | { what: 'fault'; fault: string; account: string | null; detail: string }
  | { what: 'unmapped'; host: string; path: string }
  /** The simulator itself went wrong. */
  | { what: 'broken'; path: string; detail: string }

export type LogEntry = LogFact & { seq: number; at: number }
