import { SimulatorError } from '../kit/simulator-error.ts'
/** A bot as its owner made it in the Zalo app. */
export type Bot = {
  id: string
  name: string
  token: string
  canJoinGroups: boolean
  /** Set: updates go there, and getUpdates is refused. */
  webhook: { url: string; secret: string; updatedAt: number } | null
}

export type Person = {
  id: string
  name: string
  /** Zalo withholds what this person writes: the bot learns only that there was a message. */
  isProtected: boolean
}

export type Group = { id: string; name: string; members: string[]; bots: string[] }

/** Where something is written: between a person and a bot, or in a group. */
export type Place = { bot: string; person: string } | { group: string }

export type Writer = { person: string } | { bot: string }

export type MessageKind = 'text' | 'image' | 'sticker' | 'voice'

export type Message = {
  id: string
  place: Place
  by: Writer
  at: number
  kind: MessageKind
  text: string
  /** Address of a picture or a voice message, number of a sticker. */
  media: string | null
  quote: string | null
}

export type World = {
  bots: Map<string, Bot>
  people: Map<string, Person>
  groups: Map<string, Group>
  messages: Map<string, Message>
  /** Message ids a place consists of, in order. */
  places: Map<string, string[]>
  /** Places between a person and a bot that the person has closed: the bot cannot write there. */
  closed: Set<string>
}

export function emptyWorld(): World {
  return {
    bots: new Map(),
    people: new Map(),
    groups: new Map(),
    messages: new Map(),
    places: new Map(),
    closed: new Set(),
  }
}

export function placeKey(place: Place): string {
  return 'group' in place ? `g:${place.group}` : `d:${place.bot}:${place.person}`
}

export function botNamed(world: World, id: string): Bot {
  const bot = world.bots.get(id)
  if (!bot) throw new SimulatorError('unknown_bot', `there is no bot ${id}; add it with addBot first`)
  return bot
}

export function personNamed(world: World, id: string): Person {
  const person = world.people.get(id)
  if (!person) throw new SimulatorError('unknown_person', `there is no person ${id}; add it with addPerson first`)
  return person
}

export function groupNamed(world: World, id: string): Group {
  const group = world.groups.get(id)
  if (!group) throw new SimulatorError('unknown_group', `there is no group ${id}; add it with addGroup first`)
  return group
}

export function nameOf(world: World, writer: Writer): string {
  return 'person' in writer ? personNamed(world, writer.person).name : botNamed(world, writer.bot).name
}

/** Puts a message into its place. */
export function keepMessage(world: World, message: Message): Message {
  world.messages.set(message.id, message)
  const key = placeKey(message.place)
  const list = world.places.get(key)
  if (list) list.push(message.id)
  else world.places.set(key, [message.id])
  return message
}
