import { z } from 'zod'
import { SimulatorError } from '../kit/simulator-error.ts'
import type { Core } from './core.ts'
import { newMessageId } from './ids.ts'
import { updateOf } from './updates.ts'
import { botNamed, groupNamed, keepMessage, type Message, personNamed, placeKey } from './world.ts'

/** What a person writes: to a bot, or in a group. */
export const Say = z.object({
  person: z.string(),
  bot: z.string().optional(),
  group: z.string().optional(),
  text: z.string().default(''),
  /** In a group: bots called by name. The name is put before the text unless it stands in it. */
  mentions: z.array(z.string()).default([]),
  /** A message that is answered; one of a bot's own calls that bot. */
  quote: z.string().nullable().default(null),
  photo: z.string().optional(),
  sticker: z.string().optional(),
  voice: z.string().optional(),
})
export type Say = z.input<typeof Say>

/** Somebody writes; bots that may know of it are told. Returns the message. */
export function say(core: Core, input: Say): Message {
  const { world, journal, line } = core
  const said = Say.parse(input)
  const person = personNamed(world, said.person)
  const place = placeFor(core, said)
  const message: Message = {
    id: newMessageId(),
    place,
    by: { person: person.id },
    at: core.now(),
    ...contentOf(said, withMentions(core, said)),
    quote: said.quote,
  }
  keepMessage(world, message)
  // Whoever writes opens the chat again.
  world.closed.delete(placeKey(place))
  const to = 'group' in place ? calledIn(core, place.group, said) : [place.bot]
  const { id, kind: what, text, quote } = message
  journal.write({ kind: 'said', what, id, place: placeKey(place), person: person.id, text, quote, to })
  for (const bot of to) line.send(botNamed(world, bot), updateOf(world, message, bot))
  return message
}

/** The person deletes the chat: the bot cannot write there until they write again. */
export function closeChat(core: Core, { bot, person }: { bot: string; person: string }): void {
  core.world.closed.add(placeKey({ bot: botNamed(core.world, bot).id, person: personNamed(core.world, person).id }))
}

type Said = z.output<typeof Say>

function placeFor({ world }: Core, { bot, group, person }: Said): Message['place'] {
  if (group !== undefined) {
    if (!groupNamed(world, group).members.includes(person))
      throw new SimulatorError('no_member', `${person} is no member of ${group}`)
    return { group }
  }
  if (bot === undefined) throw new SimulatorError('no_place', 'expected a bot or a group to write to')
  return { bot: botNamed(world, bot).id, person }
}

/** In a group a bot is told only of what names it or quotes one of its own messages. */
function calledIn({ world }: Core, group: string, { mentions, quote }: Said): string[] {
  const quoted = quote === null ? undefined : world.messages.get(quote)
  return groupNamed(world, group).bots.filter(
    (bot) => mentions.includes(bot) || (quoted !== undefined && 'bot' in quoted.by && quoted.by.bot === bot),
  )
}

function withMentions({ world }: Core, { text, mentions }: Said): string {
  const names = mentions.map((bot) => `@${botNamed(world, bot).name}`).filter((name) => !text.includes(name))
  return [...names, text].filter((part) => part !== '').join(' ')
}

function contentOf({ photo, sticker, voice }: Said, text: string): Pick<Message, 'kind' | 'text' | 'media'> {
  if (photo !== undefined) return { kind: 'image', text, media: photo }
  if (sticker !== undefined) return { kind: 'sticker', text: '', media: sticker }
  if (voice !== undefined) return { kind: 'voice', text: '', media: voice }
  return { kind: 'text', text, media: null }
}
