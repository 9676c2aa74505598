import { z } from 'zod'
import { AccountId, CaseId, FileId, OutboxId } from '../lib/ids.ts'
import { JsonObject } from '../lib/json.ts'

/**
 * acknowledgement (words), reaction (a sign under a question in a group), answer and private_reply go to residents, post to
 * everybody who reads the Page; edit changes an answer
 * that stands, delete takes it down; photo follows an answer where one message cannot hold both; hide and unhide are about a resident's comment. card (a case to work on), notice, file
 * (a picture) and approval (what waits for somebody's yes) go to officers.
 */
export const OutboundKind = z.enum([
  'acknowledgement',
  'reaction',
  'answer',
  'private_reply',
  'edit',
  'delete',
  'hide',
  'unhide',
  'post',
  'photo',
  'card',
  'notice',
  'approval',
  'file',
])
export type OutboundKind = z.infer<typeof OutboundKind>

/**
 * Who can read it: everybody, the one resident who wrote to us, or officers. `moderation` has no words to be read: what
 * stands on the platform is taken down, hidden or shown again, also of a restricted case.
 */
export const Audience = z.enum(['public', 'resident', 'moderation', 'officer'])
export type Audience = z.infer<typeof Audience>

/** Those outside the office who read words of ours. */
export const outsiders = ['public', 'resident'] as const satisfies readonly Audience[]

/** Whether those outside see something of it: it waits for modes, the switch and freezes. Taking away never waits. */
export function isSeenOutside({ audience, kind }: { readonly audience: string; readonly kind: string }): boolean {
  return outsiders.some((outsider) => outsider === audience) || kind === 'unhide'
}

export const OutboxState = z.enum([
  /** Intended, but it may not leave before a person says so. */
  'held',
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
  held: ['pending', 'cancelled', 'unknown'],
  pending: ['sending', 'held', 'cancelled', 'unknown'],
  // To held: its claim found that it may not leave, and nothing of it has.
  sending: ['sent', 'pending', 'rejected', 'unknown', 'confirmed', 'needs_person', 'cancelled', 'held'],
  unknown: ['sent', 'confirmed', 'pending', 'rejected', 'needs_person', 'cancelled', 'held'],
  needs_person: ['sent', 'confirmed', 'pending', 'cancelled', 'held'],
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
  /** Exactly what the reader will see, a reaction's sign included; code and ordinal included where there are such. */
  text: z.string(),
  /** The picture beside the text. Where one message cannot hold both, an answer goes without and a `photo` follows it. */
  fileId: FileId.nullable().default(null),
  /** The platform's id of what is acted upon: reacted to, answered privately, edited, taken down, hidden or shown again. */
  targetId: z.string().nullable().default(null),
  /** Only posts: what stands below the text, where there is no picture. */
  link: z.string().nullable().default(null),
  /** When this effect was first handed to the platform; read-back looks from a little before it. */
  claimedAt: z.date(),
})
export type OutboundMessage = z.infer<typeof OutboundMessage>
