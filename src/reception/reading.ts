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

/** No platform lets people write more at once; reading a megabyte would hold everybody else up for seconds. */
const MAX_READ_CHARS = 20_000
/** Nobody knows what the rest says. */
const HALF_READ = 0.5

/** Pure. A sticker by itself needs nobody; a photo or file without words does, because only a person can look at it. */
export function read(message: Pick<StoredEvent, 'text' | 'attachments'>): Reading {
  const label = readLabel(message.text ?? '')
  const confidentiality = confidentialityOf(label, message.text)
  const { text, attachments } = message
  const isOnlySticker = text === null && attachments.length > 0 && attachments.every(({ kind }) => kind === 'sticker')
  const isClear = confidentiality.confidentiality === 'public'
  return { label, confidentiality, needsOfficer: !isOnlySticker && (label.kind !== 'other' || !isClear) }
}

/** What is too long to be read whole is seen by a person before anybody else. */
function readLabel(text: string): Label {
  if (text.length <= MAX_READ_CHARS) return classify(text)
  const label = classify(text.slice(0, MAX_READ_CHARS))
  const because = [...label.because, 'too long to be read whole']
  return { ...label, confidence: Math.min(label.confidence, HALF_READ), because }
}
