import { z } from 'zod'

/**
 * Ids are strings beyond 2^53. A number is taken only while it is exact, because a rounded id names somebody else.
 */
const Id = z.union([z.string().min(1).max(256), z.int().transform(String)])
const noneWhenOdd = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined)

/** `admin_id`: a person typed it in Zalo's console. */
const Party = z.object({ id: Id, admin_id: noneWhenOdd(Id) })

/** The body of one webhook. What an event can do without never makes it fail. */
export const OaEnvelope = z.object({
  event_name: z.string(),
  oa_id: noneWhenOdd(Id),
  sender: noneWhenOdd(Party),
  recipient: noneWhenOdd(Party),
  follower: noneWhenOdd(z.object({ id: Id })),
  user_id: noneWhenOdd(Id),
  message: z.unknown().optional(),
  /** Milliseconds, as text or as a number. Absent where the sender puts it into a header. */
  timestamp: noneWhenOdd(z.union([z.string(), z.int().transform(String)])),
})
export type OaEnvelope = z.infer<typeof OaEnvelope>

const Coordinates = z.object({
  latitude: z.union([z.string(), z.number()]),
  longitude: z.union([z.string(), z.number()]),
})
const Payload = z.object({
  url: noneWhenOdd(z.string()),
  name: noneWhenOdd(z.string()),
  description: noneWhenOdd(z.string()),
  coordinates: noneWhenOdd(Coordinates),
})
const OaAttachment = z.object({ type: z.string(), payload: Payload.catch({}) })
export type OaAttachment = z.infer<typeof OaAttachment>

export const OaMessage = z.object({
  msg_id: Id,
  text: noneWhenOdd(z.string()),
  quote_msg_id: noneWhenOdd(Id),
  attachments: z.array(z.unknown()).catch([]).transform(readable),
})
export type OaMessage = z.infer<typeof OaMessage>

/** Which messages were received, seen or reacted to. */
export const OaReceipt = z.object({
  msg_id: noneWhenOdd(Id),
  msg_ids: noneWhenOdd(z.array(Id)),
  react_icon: noneWhenOdd(z.string()),
})

function readable(items: unknown[]): OaAttachment[] {
  return items.flatMap((item) => OaAttachment.safeParse(item).data ?? [])
}
