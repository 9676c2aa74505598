import { AppError } from '../lib/errors.ts'
import type { Attachment } from './event.ts'
import type { StoredEvent } from './store.ts'

/** What the platform says about something when it is asked; only what it says. */
export interface Facts {
  readonly author: { readonly id: string; readonly name: string | null } | null
  readonly text: string | null
  readonly attachments: readonly Attachment[]
}

/**
 * The port that a platform fulfils. Resolves with null when the thing is gone or is not shown to this account; throws
 * NotNowError when it may be answered later.
 */
export type Lookup = (event: Pick<StoredEvent, 'kind' | 'messageId'>) => Promise<Facts | null>

export class NotNowError extends AppError {
  readonly code = 'not_now'
}

/**
 * Whether the webhook left out who wrote this, or what: a permission is missing, a profile is private, or only an id was
 * sent. Nothing is concluded from that before the platform was asked.
 */
export function needsLookup(event: StoredEvent): boolean {
  if (event.lookedUpAt !== null || event.messageId === null) return false
  if (event.kind !== 'comment' && event.kind !== 'visitor_post' && event.kind !== 'message') return false
  return event.authorId === null || isBlank(event)
}

function isBlank({ text, attachments }: Pick<StoredEvent, 'text' | 'attachments'>): boolean {
  return text === null && attachments.length === 0
}
