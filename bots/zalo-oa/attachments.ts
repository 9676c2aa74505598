import type { Attachment } from '../../src/intake/event.ts'
import { storable } from '../../src/lib/text.ts'
import type { OaAttachment } from './payload.ts'

/** The house's words for what Zalo calls otherwise. */
const kinds: Readonly<Record<string, string>> = { image: 'photo', audio: 'voice', business_card: 'contact' }

/** What is attached. Never fails: an unknown kind keeps its name, its title and its address. */
export function attachmentsOf(items: readonly OaAttachment[]): Attachment[] {
  return items.map(({ type, payload }) => ({
    kind: kinds[type] ?? storable(type).slice(0, 64),
    url: webAddress(payload.url),
    name: words(payload.name) ?? words(payload.description) ?? position(payload.coordinates),
  }))
}

/** Storable text, null when nothing can be read in it. */
export function words(text: string | undefined): string | null {
  const kept = storable(text ?? '')
  return kept.trim() === '' ? null : kept
}

function webAddress(url: string | undefined): string | null {
  return url !== undefined && /^https?:\/\//i.test(url) && URL.canParse(url) ? storable(url) : null
}

function position(at: OaAttachment['payload']['coordinates']): string | null {
  return at === undefined ? null : words(`${at.latitude}, ${at.longitude}`)
}
