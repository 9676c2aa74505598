import { createHash, randomBytes } from 'node:crypto'
import type { Place, World } from './world.ts'

/** How a bot sees a person: another id for each bot. Between the two it is also the id of their chat. */
export function personIdFor(person: string, bot: string): string {
  return hex(`person ${bot} ${person}`)
}

/** How a bot names the chat in which it is to write. */
export function chatIdFor(place: Place, bot: string): string {
  return 'group' in place ? hex(`group ${bot} ${place.group}`) : personIdFor(place.person, bot)
}

/** The place behind a chat id; null when this bot cannot know it. */
export function placeOfChat(world: World, bot: string, chatId: string): Place | null {
  for (const person of world.people.keys()) {
    if (personIdFor(person, bot) === chatId) return { bot, person }
  }
  for (const [group, { bots }] of world.groups) {
    if (bots.includes(bot) && chatIdFor({ group }, bot) === chatId) return { group }
  }
  return null
}

export function newMessageId(): string {
  return randomBytes(10).toString('hex')
}

/** `12345:letters`, as the token arrives by message when a bot is made. */
export function newToken(botId: string): string {
  return `${botId}:${randomBytes(24).toString('base64url')}`
}

/** Digits, always the same for one name, so that a bot given by name is found again. */
export function botIdFrom(name: string): string {
  return BigInt(`0x${hex(`bot ${name}`).slice(0, 15)}`)
    .toString()
    .slice(0, 16)
}

function hex(seed: string): string {
  return createHash('sha256').update(seed).digest('hex').slice(0, 20)
}
