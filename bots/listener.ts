import type { RawDelivery } from './bot.ts'

/** What a listener hands to the office. Every method resolves only when the fact is durable. */
export interface ListenerSink {
  /** Keeps what arrived. `backfill` is what was missed while away: it yields to live messages. */
  keep(delivery: RawDelivery, lane: 'live' | 'backfill'): Promise<void>
  /** The connection changed; a person is told about `needs_qr`, `evicted` and `suspended`. */
  changed(state: ListenerState, reason: string): Promise<void>
  /** Whether what people write reaches us. Apart from `changed`: calls and the connection die independently. */
  hears(hearing: Hearing): Promise<void>
  /** A frame of a kind that nobody here knows. `unread`: it carried something, and that is lost to us. */
  strangeFrame(command: number, became: StrangeFrame): void
  /** The session's refreshed secrets, to be sealed and kept. */
  saveSession(session: string): Promise<void>
  /** Both backfills asked for at `requestedAt` are answered and kept: whatever the account wrote before is now in our store. */
  caughtUp(requestedAt: Date): Promise<void>
}

/** From `at` on everything is heard, or nothing since `since`. */
export type Hearing =
  | { readonly is: 'begun'; readonly at: Date }
  | { readonly is: 'lost'; readonly since: Date; readonly reason: string }

export type StrangeFrame = 'empty' | 'read' | 'unread'

export type ListenerState = 'connected' | 'reconnecting' | 'needs_qr' | 'evicted' | 'suspended'

/** An open connection of one account. Whoever starts it stops it. */
export interface Listener {
  /** Asks again for what may have been missed; ends in `caughtUp`. Without effect while not connected. */
  requestBackfill(): void
  /** Until when something surely came through; null while nothing can. */
  heardUntil(): Date | null
  /** Resolves when the connection is closed for good. */
  stop(): Promise<void>
}
