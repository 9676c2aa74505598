import { z } from 'zod'

const Id = z.string().min(1)
const Chat = z.object({ oaId: Id, person: Id })
const Attachment = z.object({
  type: z.enum(['image', 'gif', 'link', 'audio', 'video', 'sticker', 'location', 'business_card', 'file']),
  payload: z.record(z.string(), z.unknown()),
})

/** What people do on this Zalo; the same shapes in-process and over HTTP. */
export const actions = {
  addOa: z.object({ id: Id, name: Id, secretKey: Id, balance: z.number().nullable().default(null) }),
  addPerson: z.object({ id: Id, name: Id }),
  say: Chat.extend({ text: z.string().default(''), quoteMsgId: Id.optional(), attachment: Attachment.optional() }),
  followOa: Chat,
  unfollowOa: Chat,
  withdraw: Chat,
  notice: z.object({
    msgId: Id,
    what: z.enum(['seen', 'received', 'reacted', 'clicked']),
    icon: z.string().optional(),
  }),
  officerTypes: Chat.extend({ text: z.string(), quoteMsgId: Id.optional() }),
  age: Chat.extend({ ms: z.number().min(0) }),
} as const

export type ActionName = keyof typeof actions
export type ActionInput<Name extends ActionName> = z.input<(typeof actions)[Name]>
export type ActionOutput<Name extends ActionName> = z.output<(typeof actions)[Name]>
