import type { StoredEvent } from '../intake/store.ts'
import { classify } from '../understanding/classify.ts'
import { type Confidentiality, confidentialityOf } from '../understanding/confidentiality.ts'
import type { Label } from '../understanding/label.ts'

/** How a resident's message is taken. */
export interface Reading {
  readonly label: Label
  readonly confidentiality: Confidentiality
  /** Somebody has to see it: it asks or reports something, or it is unclear what it is. */
  readonly needsOfficer: boolean
}

/** Pure. A sticker by itself needs nobody; a photo or file without words does, because only a person can look at it. */
export function read(message: Pick<StoredEvent, 'text' | 'attachments'>): Reading {
  const label = classify(message.text ?? '')
  const confidentiality = confidentialityOf(label, message.text)
  const { text, attachments } = message
  const isOnlySticker = text === null && attachments.length > 0 && attachments.every(({ kind }) => kind === 'sticker')
  const isClear = confidentiality.confidentiality === 'public'
  return { label, confidentiality, needsOfficer: !isOnlySticker && (label.kind !== 'other' || !isClear) }
}
