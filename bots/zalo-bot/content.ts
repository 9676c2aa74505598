import type { Attachment } from '../../src/intake/event.ts'
import { storable } from '../../src/lib/text.ts'
import type { BotMessage } from './payload.ts'

interface ReadContent {
  readonly text: string | null
  readonly attachments: Attachment[]
}

/** The words of a message and what is attached. A kind that is not known yet keeps its words and its address. */
export function readContent(kind: string, message: BotMessage): ReadContent {
  const text = words(message.text) ?? words(message.caption)
  const attach = (name: string, address: string | undefined): Attachment[] => [
    { kind: name, url: webAddress(address), name: null },
  ]
  switch (kind) {
    case 'text':
      return { text, attachments: [] }
    case 'image':
      return { text, attachments: attach('photo', message.photo_url ?? message.photo) }
    case 'sticker':
      return { text: null, attachments: attach('sticker', message.url) }
    case 'voice':
      return { text, attachments: attach('voice', message.voice_url) }
    default:
      return { text, attachments: attach(storable(kind).slice(0, 64), message.url) }
  }
}

/** Storable text, null when nothing can be read in it. */
export function words(text: string | undefined): string | null {
  const kept = storable(text ?? '')
  return kept.trim() === '' ? null : kept
}

function webAddress(address: string | undefined): string | null {
  const isWeb = address !== undefined && /^https?:\/\//i.test(address) && URL.canParse(address)
  return isWeb ? storable(address) : null
}
