import { z } from 'zod'
import { storable } from '../../src/lib/text.ts'

const noneWhenOdd = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined)
/** As our store takes it; one of nothing but what it does not take is none. */
const Id = z.string().transform(storable).pipe(z.string().min(1))

/** What a message can do without never makes it fail. */
export const BotMessage = z.object({
  from: z.object({ id: Id, display_name: noneWhenOdd(z.string()), is_bot: noneWhenOdd(z.boolean()) }),
  chat: z.object({ id: Id, chat_type: z.enum(['PRIVATE', 'GROUP']) }),
  message_id: noneWhenOdd(Id),
  /** Milliseconds. */
  date: noneWhenOdd(z.coerce.number().int().positive()),
  text: noneWhenOdd(z.string()),
  /** The documentation says photo, what arrives says photo_url. */
  photo: noneWhenOdd(z.string()),
  photo_url: noneWhenOdd(z.string()),
  caption: noneWhenOdd(z.string()),
  sticker: noneWhenOdd(z.string()),
  voice_url: noneWhenOdd(z.string()),
  url: noneWhenOdd(z.string()),
})
export type BotMessage = z.infer<typeof BotMessage>

const Update = z.object({ event_name: z.string(), message: z.unknown().optional() })

/** One update, as a webhook and getUpdates bring it. It has been seen without its envelope too. */
export const Delivery = z.union([
  z.object({ ok: z.literal(true), result: Update }).transform(({ result }) => result),
  Update,
])
