import { z } from 'zod'
import type { Core } from './core.ts'
import { botIdFrom, newToken } from './ids.ts'
import { type Bot, botNamed, type Group, personNamed } from './world.ts'

export const AddBot = z.object({
  /** The platform wants it to begin with "Bot". */
  name: z.string().regex(/^Bot/, 'expected a name that begins with "Bot"'),
  id: z.string().min(1).optional(),
  token: z.string().min(1).optional(),
  canJoinGroups: z.boolean().default(true),
})
export type AddBot = z.input<typeof AddBot>

/** A bot as Zalo Bot Creator makes it; one that exists already is found again. */
export function addBot({ world }: Core, input: AddBot): { id: string; token: string } {
  const { name, id = botIdFrom(name), token = newToken(id), canJoinGroups } = AddBot.parse(input)
  const bot: Bot = world.bots.get(id) ?? { id, name, token, canJoinGroups, webhook: null }
  world.bots.set(id, bot)
  return { id, token: bot.token }
}

export const AddPerson = z.object({
  id: z.string().min(1),
  name: z.string(),
  /** Zalo withholds what this person writes. */
  isProtected: z.boolean().default(false),
})
export type AddPerson = z.input<typeof AddPerson>

export function addPerson({ world }: Core, input: AddPerson): string {
  const person = AddPerson.parse(input)
  world.people.set(person.id, person)
  return person.id
}

export const AddGroup = z.object({
  id: z.string().min(1),
  name: z.string(),
  members: z.array(z.string()).default([]),
  bots: z.array(z.string()).default([]),
})
export type AddGroup = z.input<typeof AddGroup>

export function addGroup({ world }: Core, input: AddGroup): Group {
  const group = AddGroup.parse(input)
  for (const member of group.members) personNamed(world, member)
  for (const bot of group.bots) botNamed(world, bot)
  world.groups.set(group.id, group)
  return group
}

/** The owner has the token made anew: the old one is dead at once. */
export function resetToken({ world }: Core, { bot: id }: { bot: string }): string {
  const bot = botNamed(world, id)
  bot.token = newToken(id)
  return bot.token
}
