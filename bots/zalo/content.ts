import type { Attachment } from '../../src/intake/event.ts'
import { storable } from '../../src/lib/text.ts'
import { type MessageData, RichContent } from './payload.ts'

export interface ReadContent {
  readonly text: string | null
  readonly attachments: Attachment[]
}

/** The words a person wrote and what is attached. Never fails: an unknown kind keeps its title and its address. */
export function readContent({ msgType, content }: Pick<MessageData, 'msgType' | 'content'>): ReadContent {
  if (typeof content === 'string' || typeof content === 'number')
    return { text: words(String(content)), attachments: [] }
  const rich = RichContent.safeParse(content).data ?? {}
  const url = webAddress(rich.href)
  const title = words(rich.title)
  const caption = title ?? words(rich.description)
  const attach = (kind: string, name: string | null = null): Attachment[] => [{ kind, url, name }]
  switch (msgType) {
    case 'webchat':
      return { text: caption, attachments: url === null ? [] : attach('link') }
    case 'chat.photo':
    case 'chat.gif':
    case 'chat.video.msg':
      return { text: caption, attachments: attach(mediaKinds[msgType]) }
    case 'chat.voice':
    case 'chat.sticker':
    case 'chat.doodle':
      return { text: null, attachments: attach(mediaKinds[msgType]) }
    case 'share.file':
      return { text: null, attachments: attach('file', title) }
    case 'chat.link':
    case 'chat.recommended':
      // A contact card comes under the same type: its title is the name of a third person, not words to us.
      if (rich.action?.endsWith('.user')) return { text: null, attachments: attach('contact', title) }
      return { text: caption ?? url, attachments: attach('link') }
    case 'chat.location.new':
      return { text: caption, attachments: attach('location', caption ?? position(rich.params)) }
    case 'chat.todo':
      return { text: caption ?? words(inside(rich.params, 'item', 'content')), attachments: attach('todo') }
    case 'group.poll':
      return { text: caption ?? words(inside(rich.params, 'question')), attachments: attach('poll') }
    default:
      return { text: caption, attachments: attach(storable(msgType).slice(0, 64)) }
  }
}

const mediaKinds = {
  'chat.photo': 'photo',
  'chat.gif': 'gif',
  'chat.video.msg': 'video',
  'chat.voice': 'voice',
  'chat.sticker': 'sticker',
  'chat.doodle': 'doodle',
} as const

/** Storable text, null when nothing can be read in it. */
export function words(text: unknown): string | null {
  if (typeof text !== 'string') return null
  const kept = storable(text)
  return kept.trim() === '' ? null : kept
}

function webAddress(href: string | undefined): string | null {
  return href !== undefined && /^https?:\/\//i.test(href) && URL.canParse(href) ? storable(href) : null
}

function position(params: string | undefined): string | null {
  const [latitude, longitude] = [inside(params, 'latitude'), inside(params, 'longitude')]
  return latitude === undefined || longitude === undefined ? null : words(`${latitude}, ${longitude}`)
}

/** A value inside `params`, which is JSON in a string; undefined when there is none. */
function inside(params: string | undefined, ...path: string[]): unknown {
  let value = parsed(params)
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Object.entries(value).find(([name]) => name === key)?.[1]
  }
  return value
}

function parsed(json: string | undefined): unknown {
  try {
    return json === undefined ? undefined : JSON.parse(json)
  } catch {
    return undefined // a detail that cannot be read is a detail less, not a message less
  }
}
