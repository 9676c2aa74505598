import { chatIdFor, personIdFor } from './ids.ts'
import type { Message, World } from './world.ts'
import { personNamed } from './world.ts'

/** What a bot is told of, as the platform writes it: one object, never a list. */
export type Update = {
  /** The message it is about; null for a body that was pushed as it is. */
  about: string | null
  text: string
  body: unknown
}

/** A person's message as this bot is told of it. */
export function updateOf(world: World, message: Message, bot: string): Update {
  if (!('person' in message.by)) throw new TypeError('expected a message of a person')
  const person = personNamed(world, message.by.person)
  const common = {
    from: { id: personIdFor(person.id, bot), display_name: person.name, is_bot: false },
    chat: { id: chatIdFor(message.place, bot), chat_type: 'group' in message.place ? 'GROUP' : 'PRIVATE' },
    message_id: message.id,
    date: message.at,
  }
  const [event, content] = person.isProtected ? ['unsupported', {}] : contentOf(message)
  const result = { event_name: `message.${event}.received`, message: { ...common, ...content } }
  return { about: message.id, text: message.text, body: { ok: true, result } }
}

function contentOf({ kind, text, media }: Message): [string, object] {
  switch (kind) {
    case 'text':
      return ['text', { text }]
    case 'image':
      // The documentation says photo, what arrives says photo_url.
      return ['image', { photo_url: media, ...(text === '' ? {} : { caption: text }) }]
    case 'sticker':
      return ['sticker', { sticker: media, url: `https://zalo-api.zadn.vn/sticker/${media}.png` }]
    case 'voice':
      return ['voice', { voice_url: media }]
  }
}
