import type { Label } from './label.ts'

/** Below this a person decides what a text is. */
const CONFIDENT = 0.6

export type Confidentiality =
  | { readonly confidentiality: 'public'; readonly reason: 'ordinary' }
  | { readonly confidentiality: 'restricted'; readonly reason: 'denunciation' | 'unsure' | 'no_text' }

/** While in doubt: restricted. A restricted case is seen by a person and by nobody else. */
export function confidentialityOf(label: Label, text: string | null): Confidentiality {
  if (text === null || text.trim() === '') return { confidentiality: 'restricted', reason: 'no_text' }
  if (label.denunciation) return { confidentiality: 'restricted', reason: 'denunciation' }
  if (label.confidence < CONFIDENT) return { confidentiality: 'restricted', reason: 'unsure' }
  return { confidentiality: 'public', reason: 'ordinary' }
}
