import { z } from 'zod'
import { storable } from '../../src/lib/text.ts'

/**
 * Only the fields we use. A field of the wrong type counts as absent, so that one odd field never costs a resident's
 * words; what cannot be read at all becomes an ignored item with a reason.
 */

/** Ids exceed 2^53: a JSON number beyond that is already damaged, so it fails; a smaller one is still exact. */
const Id = z.union([z.string().regex(/^[\x21-\x7e]{1,256}$/), z.int().positive().transform(String)])

const MaybeId = Id.optional().catch(undefined)
const MaybeText = z.string().transform(storable).optional().catch(undefined)

/** Seconds in `changes`, milliseconds in `messaging`, and a standalone referral has been seen in seconds. */
const Moment = z
  .union([z.number(), z.string().regex(/^\d+$/).transform(Number), z.string().transform((text) => Date.parse(text))])
  .transform(toDate)
  .catch(null)

/** The two times of a feed item: of the comment or post, and of what happened to it. */
export interface Moments {
  readonly created: Date | null
  readonly entry: Date | null
}

/** An entry without its items: those are read one by one. */
export const Entry = z.object({ id: MaybeId, time: Moment.optional() })

export const FeedValue = z.object({
  item: z.string(),
  verb: z.string().optional().catch(undefined),
  comment_id: MaybeId,
  post_id: MaybeId,
  parent_id: MaybeId, // on top-level comments too: the post, or `{album}_{story}` on photo posts
  from: z.object({ id: MaybeId, name: MaybeText }).optional().catch(undefined),
  sender_id: MaybeId, // the shape before `from`
  sender_name: MaybeText,
  message: MaybeText, // absent: photo or sticker only, or a missing permission
  photo: MaybeText,
  photos: z.array(z.string().transform(storable)).optional().catch(undefined),
  video: MaybeText,
  link: MaybeText,
  created_time: Moment.optional(),
  post: z.object({ id: MaybeId }).optional().catch(undefined),
})
export type FeedValue = z.infer<typeof FeedValue>

const Party = z.object({ id: MaybeId }).optional().catch(undefined)

export const MessagingItem = z.object({ sender: Party, recipient: Party, timestamp: Moment.optional() })
export type MessagingItem = z.infer<typeof MessagingItem>

const Coordinate = z.number().optional().catch(undefined)

export const MessageAttachment = z.object({
  type: z.string().transform(storable),
  title: MaybeText,
  url: MaybeText,
  payload: z
    .object({
      url: MaybeText,
      title: MaybeText,
      sticker_id: z.union([z.string(), z.number()]).optional().catch(undefined),
      coordinates: z.object({ lat: Coordinate, long: Coordinate }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
})
export type MessageAttachment = z.infer<typeof MessageAttachment>

export const Message = z.object({
  mid: MaybeId,
  text: MaybeText,
  attachments: z.array(z.unknown()).optional().catch(undefined),
  reply_to: z.object({ mid: MaybeId }).optional().catch(undefined),
  is_echo: z.boolean().optional().catch(undefined),
  is_deleted: z.boolean().optional().catch(undefined),
  app_id: MaybeId, // a number in most captures, a string in others
  metadata: MaybeText,
})

export const MessageEdit = z.object({ mid: Id, text: MaybeText, num_edit: MaybeId })

export const Postback = z.object({ mid: MaybeId, title: MaybeText, payload: MaybeText })

function toDate(value: number): Date | null {
  const ms = value < 100_000_000_000 ? value * 1000 : value
  return ms > 0 && ms < Date.UTC(2100, 0) ? new Date(ms) : null
}
