import { z } from 'zod'
import { AccountId, CaseId, FileId, OutboxId } from '../lib/ids.ts'
import { JsonObject } from '../lib/json.ts'

/** acknowledgement and answer go to residents; card (a case to work on), notice and file (a picture) go to officers. */
export const OutboundKind = z.enum(['acknowledgement', 'answer', 'card', 'notice', 'file'])
export type OutboundKind = z.infer<typeof OutboundKind>

/** Who can read it: everybody, the one resident who wrote to us, or officers. */
export const Audience = z.enum(['public', 'resident', 'officer'])
export type Audience = z.infer<typeof Audience>

export const OutboxState = z.enum([
  'pending',
  'sending',
  'sent',
  'confirmed',
  'rejected',
  'cancelled',
  'unknown',
  'needs_person',
  /** It stood there, and somebody took it away on the platform itself. */
  'removed',
])
export type OutboxState = z.infer<typeof OutboxState>

/** Every move a row may make; the database refuses all others. */
export const outboxTransitions = {
  // Straight to unknown after a restore: it may have been sent after the backup was made.
  pending: ['sending', 'cancelled', 'unknown'],
  sending: ['sent', 'pending', 'rejected', 'unknown', 'confirmed', 'needs_person', 'cancelled'],
  unknown: ['sent', 'confirmed', 'pending', 'rejected', 'needs_person', 'cancelled'],
  needs_person: ['sent', 'confirmed', 'pending', 'cancelled'],
  sent: ['confirmed', 'needs_person', 'removed'],
  confirmed: ['needs_person', 'removed'],
  removed: [],
  rejected: [],
  cancelled: [],
} as const satisfies Record<OutboxState, readonly OutboxState[]>

/** What a publisher is handed: one intended effect, complete. */
export const OutboundMessage = z.object({
  id: OutboxId,
  accountId: AccountId,
  caseId: CaseId.nullable(),
  kind: OutboundKind,
  audience: Audience,
  /** From the event that is replied to, or from an officer's chat; read by the platform's publisher alone. */
  address: JsonObject,
  /** Exactly what the reader will see, code and ordinal included where there are such. */
  text: z.string(),
  /** The picture above the text; only officers are sent any. */
  fileId: FileId.nullable().default(null),
  /** When this effect was first handed to the platform; read-back looks from a little before it. */
  claimedAt: z.date(),
})
export type OutboundMessage = z.infer<typeof OutboundMessage>
