import type { Numbered, Journal as NumberedJournal } from '../kit/journal.ts'

/** What a person did towards an OA: the product must not lose any of it. */
type PersonEntry = {
  kind: 'person'
  what: 'said' | 'followed' | 'unfollowed' | 'withdrew' | 'saw' | 'received' | 'reacted' | 'clicked'
  oaId: string
  person: string
  userId: string
  msgId: string | null
  text: string
}

/** A message that stands in the conversation in the OA's name: two of one meaning are a double. */
type PostedEntry = {
  kind: 'posted'
  /** api: the product sent it; oa_chat: a person typed it in Zalo's own console. */
  via: 'api' | 'oa_chat'
  oaId: string
  userId: string
  msgId: string
  text: string
  quoteMsgId: string | null
  attachments: number
}

/** One call as it ended. Status 0: the caller got no answer. */
type CallEntry = {
  kind: 'call'
  method: string
  path: string
  status: number
  /** Zalo's own code; 0 is success, null where the answer had none. */
  code: number | null
  fault?: string
  /** Ids the call brought into being, whatever the caller was told. */
  created: string[]
}

/** A pair of tokens was given out, whether or not the answer arrived. */
type TokenEntry = { kind: 'token'; what: 'consented' | 'refreshed' | 'refused'; oaId: string | null }

/** One POST to the product's webhook. Status 0: no answer within the time. */
type DeliveryEntry = { kind: 'delivery'; event: string; id: string; status: number; retry: number; spoilt?: string }

/** An event that never went out: planned so, or because the webhook is disabled. */
type LostEntry = { kind: 'lost'; event: string; id: string; why: 'planned' | 'disabled' | 'no_webhook' }

type WebhookEntry = { kind: 'webhook'; what: 'set' | 'disabled' | 'enabled' }

type Unnumbered = PersonEntry | PostedEntry | CallEntry | TokenEntry | DeliveryEntry | LostEntry | WebhookEntry
export type JournalEntry = Numbered & Unnumbered
export type Journal = NumberedJournal<Unnumbered>
