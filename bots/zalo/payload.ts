import { z } from 'zod'

/**
 * Ids are strings. json-bigint's big numbers have become strings on the way here; a number that still is one is taken
 * only while it is exact, because a rounded id names somebody else's message.
 */
const Id = z.union([z.string().min(1), z.int().transform(String)])
const noneWhenOdd = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined)

/** The body of a delivery: what the listener wrote down of one event of zca-js. */
export const Envelope = z.object({
  v: z.literal(1),
  event: z.string(),
  data: z.unknown().optional(),
  /** When it came, in milliseconds; of receipts Zalo says no other time. */
  at: z.int().optional(),
})
export type Envelope = z.infer<typeof Envelope>

const Mention = z.object({ uid: Id, type: noneWhenOdd(z.number()) })

/** What a message says of the one it quotes: as the phone of whoever quotes has it. */
const MessageQuote = z.object({
  globalMsgId: Id,
  ownerId: noneWhenOdd(Id),
  cliMsgId: noneWhenOdd(Id),
  cliMsgType: noneWhenOdd(z.number()),
  ts: noneWhenOdd(Id),
  msg: noneWhenOdd(z.string()),
  /** JSON inside a string: the content of what is no plain text. */
  attach: noneWhenOdd(z.string()),
  fromD: noneWhenOdd(z.string()),
  ttl: noneWhenOdd(z.number()),
})
export type MessageQuote = z.infer<typeof MessageQuote>

/** `data` of a message or an undo. What a message can do without never makes it fail. */
const MessageData = z.object({
  msgId: Id,
  uidFrom: Id,
  ts: noneWhenOdd(Id),
  cliMsgId: noneWhenOdd(Id),
  msgType: z.string().catch('webchat'),
  dName: noneWhenOdd(z.string()),
  content: z.unknown().optional(),
  propertyExt: z.unknown().optional(),
  ttl: noneWhenOdd(z.number()),
  quote: noneWhenOdd(MessageQuote),
  mentions: z.array(z.unknown()).catch([]).transform(readableMentions),
})
export type MessageData = z.infer<typeof MessageData>

/** A message as zca-js emits it. `type` 1 is a group, 0 a conversation between two. */
export const ZcaMessage = z.object({
  type: z.union([z.literal(0), z.literal(1)]),
  threadId: Id,
  isSelf: z.boolean().catch(false),
  data: MessageData,
})
export type ZcaMessage = z.infer<typeof ZcaMessage>

export const ZcaUndo = z.object({
  isGroup: z.boolean(),
  threadId: Id,
  isSelf: z.boolean().catch(false),
  data: MessageData,
})

/** What a recalled message leaves behind, live as well as among old messages, where zca-js does not tell it apart. */
export const UndoContent = z.object({ globalMsgId: Id, deleteMsg: z.unknown().optional() })

export const ZcaReaction = z.object({
  isGroup: z.boolean(),
  threadId: Id,
  isSelf: z.boolean().catch(false),
  data: MessageData,
})

/** `content` of a reaction: under which messages, and the sign, which is empty when it is taken back. */
export const ReactionContent = z.object({ rMsg: z.array(z.object({ gMsgID: Id })).min(1), rIcon: z.string() })

/** Who has received or seen a message: in a group some people, else the one we write with. */
export const ZcaReceipt = z.object({
  type: z.union([z.literal(0), z.literal(1)]),
  threadId: Id,
  data: z.object({ msgId: Id, deliveredUids: noneWhenOdd(z.array(Id)), seenUids: noneWhenOdd(z.array(Id)) }),
})

const Flag = noneWhenOdd(z.union([z.number(), z.boolean()]).transform((value) => value === true || value === 1))

/** What happens to a group. What a kind of it does not carry is not there. */
export const GroupHappening = z.object({
  type: z.string(),
  act: noneWhenOdd(z.string()),
  threadId: Id,
  data: z.object({
    time: noneWhenOdd(Id),
    updateMembers: z.array(z.unknown()).catch([]).transform(readableMembers),
    groupSetting: noneWhenOdd(z.object({ lockSendMsg: Flag, lockViewMember: Flag })),
  }),
})
export type GroupHappening = z.infer<typeof GroupHappening>

/** `content` of everything that is not plain text: photo, file, voice, link, place … */
export const RichContent = z.object({
  title: noneWhenOdd(z.string()),
  description: noneWhenOdd(z.string()),
  href: noneWhenOdd(z.string()),
  action: noneWhenOdd(z.string()),
  /** JSON inside a string, with details that differ by kind. */
  params: noneWhenOdd(z.string()),
})
export type RichContent = z.infer<typeof RichContent>

function readableMembers(items: unknown[]): string[] {
  return items.flatMap((item) => z.object({ id: Id }).safeParse(item).data?.id ?? [])
}

function readableMentions(items: unknown[]): z.infer<typeof Mention>[] {
  return items.flatMap((item) => Mention.safeParse(item).data ?? [])
}
