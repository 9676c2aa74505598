import { SimulatorError } from '../kit/simulator-error.ts'
import type { ActionOutput } from './actions.ts'
import type { Core } from './core.ts'
import { aboutMessage, followed, oaSent, userSent, withdrew } from './payloads.ts'
import { acted, type Contact, contactOf, type Message, threadOf } from './world.ts'

/** A person writes to the OA, or sends it something. */
export function say(core: Core, input: ActionOutput<'say'>): string {
  const { world, journal, webhooks } = core
  const contact = contactOf(world, input.oaId, input.person)
  const { text, quoteMsgId = null, attachment } = input
  const attachments = attachment === undefined ? [] : [attachment]
  const message = write(core, contact, { fromOa: false, text, quoteMsgId, attachments })
  acted(world, contact)
  journal.write({ kind: 'person', what: 'said', ...who(contact), msgId: message.msgId, text })
  webhooks.enqueue(userSent(contact, message))
  return message.msgId
}

export function followOa(core: Core, { oaId, person }: ActionOutput<'followOa'>): void {
  const contact = contactOf(core.world, oaId, person)
  contact.isFollower = true
  acted(core.world, contact)
  core.journal.write({ kind: 'person', what: 'followed', ...who(contact), msgId: null, text: '' })
  core.webhooks.enqueue(followed(contact, 'follow', core.world.now()))
}

export function unfollowOa(core: Core, { oaId, person }: ActionOutput<'unfollowOa'>): void {
  const contact = contactOf(core.world, oaId, person)
  contact.isFollower = false
  core.journal.write({ kind: 'person', what: 'unfollowed', ...who(contact), msgId: null, text: '' })
  core.webhooks.enqueue(followed(contact, 'unfollow', core.world.now()))
}

/** A person asks that what is kept about them be deleted. */
export function withdraw(core: Core, { oaId, person }: ActionOutput<'withdraw'>): void {
  const contact = contactOf(core.world, oaId, person)
  core.journal.write({ kind: 'person', what: 'withdrew', ...who(contact), msgId: null, text: '' })
  core.webhooks.enqueue(withdrew(contact, core.world.now()))
}

/** A person gets, sees or reacts to a message that stands in their chat. */
export function notice(core: Core, { msgId, what, icon }: ActionOutput<'notice'>): void {
  const { world, journal, webhooks } = core
  const message = world.messages.get(msgId)
  const contact = [...world.contacts.values()].find(({ userId }) => userId === message?.userId)
  if (message === undefined || contact === undefined)
    throw new SimulatorError('unknown_message', `there is no message ${msgId}`)
  const done = ({ seen: 'saw', received: 'received', reacted: 'reacted', clicked: 'clicked' } as const)[what]
  journal.write({ kind: 'person', what: done, ...who(contact), msgId, text: icon ?? '' })
  const name = what === 'clicked' ? 'user_click_chatnow' : (`user_${what}_message` as const)
  webhooks.enqueue(aboutMessage(contact, name, { msgId, ...(icon === undefined ? {} : { icon }) }, world.now()))
}

/** Somebody of the unit answers in Zalo's own console: to the product an own message it did not write. */
export function officerTypes(core: Core, input: ActionOutput<'officerTypes'>): string {
  const contact = contactOf(core.world, input.oaId, input.person)
  const { text, quoteMsgId = null } = input
  const { msgId, echo } = postAsOa(core, contact, { text, quoteMsgId, attachments: [], via: 'oa_chat' })
  echo()
  return msgId
}

/** Lets time pass for one person: their last action was so long ago. */
export function age(core: Core, { oaId, person, ms }: ActionOutput<'age'>): void {
  const contact = contactOf(core.world, oaId, person)
  if (contact.lastActionAt === null) throw new SimulatorError('never_acted', `${person} has done nothing yet`)
  contact.lastActionAt -= ms
}

type Words = Pick<Message, 'text' | 'quoteMsgId' | 'attachments'>

/** A message in the OA's name; `echo` sends its webhook when the caller thinks it is time. */
export function postAsOa(
  core: Core,
  contact: Contact,
  { via, ...words }: Words & { via: 'api' | 'oa_chat' },
): { msgId: string; echo: () => void } {
  const { journal, webhooks } = core
  const message = write(core, contact, { fromOa: true, ...words })
  const { oaId, userId } = contact
  const { msgId, text, quoteMsgId, attachments } = message
  journal.write({ kind: 'posted', via, oaId, userId, msgId, text, quoteMsgId, attachments: attachments.length })
  const echo = (): void => {
    if (webhooks.weather.ownEcho !== 'never')
      webhooks.enqueue(oaSent(contact, message, via === 'oa_chat' ? '99' : null))
  }
  return { msgId, echo }
}

function write({ world }: Core, { oaId, userId }: Contact, words: Words & { fromOa: boolean }): Message {
  const message: Message = { msgId: world.nextId(''), oaId, userId, at: world.now(), ...words }
  world.messages.set(message.msgId, message)
  threadOf(world, oaId, userId).push(message.msgId)
  return message
}

function who({ oaId, person, userId }: Contact): { oaId: string; person: string; userId: string } {
  return { oaId, person, userId }
}
