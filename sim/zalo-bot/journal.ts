import type { Numbered, Journal as NumberedJournal } from '../kit/journal.ts'

import type { MessageKind, Writer } from './world.ts'

/** A person wrote. What went `to` a bot must not be lost by the product; the rest no bot ever learns of. */
type SaidEntry = {
  kind: 'said'
  what: MessageKind
  id: string
  place: string
  person: string
  text: string
  quote: string | null
  /** Bots that are told of it: all of a private chat, in a group those mentioned or quoted. */
  to: string[]
}

/** A message of a bot that everybody in the place can read. Two with one meaning are a double. */
type PostedEntry = {
  kind: 'posted'
  what: MessageKind
  id: string
  place: string
  bot: string
  text: string
  by: Writer
}

/** One call of the API as it ended. Status 0: the caller got no answer (reset or left hanging). */
type CallEntry = {
  kind: 'call'
  bot: string | null
  method: string
  status: number
  ok: boolean | null
  code: number | null
  /** Name of the fault that shaped this call. */
  fault: string | null
  /** Messages the call brought into being, whatever the caller was told. */
  created: string[]
}

/** One POST to a webhook. Status 0: no answer. */
type DeliveryEntry = { kind: 'delivery'; bot: string; about: string | null; status: number; attempt: number }

/** An update left by getUpdates and is gone from here, whether or not the answer arrived. */
type HandedEntry = { kind: 'handed'; bot: string; about: string | null; arrived: boolean }

/** A fault struck an update on its way; `lose` means that nobody will ever get it. */
type FaultEntry = { kind: 'fault'; bot: string; fault: string; about: string | null }

type Unnumbered = SaidEntry | PostedEntry | CallEntry | DeliveryEntry | HandedEntry | FaultEntry
export type JournalEntry = Numbered & Unnumbered
export type Journal = NumberedJournal<Unnumbered>
