import { z } from 'zod'
import { JsonObject } from '../lib/json.ts'

export const Platform = z.enum(['facebook', 'zalo', 'zalo_bot', 'zalo_oa'])
export type Platform = z.infer<typeof Platform>

export const EventKind = z.enum([
  'comment',
  'comment_edit',
  'comment_remove',
  'visitor_post',
  'post_remove',
  'message',
  'message_edit',
  'message_remove',
  'postback',
  /** `messageId` has come to the author's phone, or the author has looked at it. */
  'delivered',
  'seen',
  /** The author put a sign under `messageId`, which is the text; an empty one takes it back. */
  'reaction',
  /** The account itself wrote it: our own effect coming back, or a person using the account directly. */
  'echo',
])
export type EventKind = z.infer<typeof EventKind>

/** Where something was written. `post` and `group` can be read by others, `direct` only by the two who write. */
export const Place = z.object({ kind: z.enum(['post', 'group', 'direct']), id: z.string() })
export type Place = z.infer<typeof Place>

export const Attachment = z.object({
  kind: z.string(),
  url: z.string().nullable(),
  name: z.string().nullable().default(null),
})
export type Attachment = z.infer<typeof Attachment>

/**
 * THE normalised event: what every platform's payload becomes before the office sees it.
 * Ids are the platform's, always strings, and mean something only together with the account.
 */
export const InboundEvent = z.object({
  kind: EventKind,
  /** The receiving account as the platform names it: a Page id, a Zalo uid, the id of a bot or of an Official Account. */
  accountExternalId: z.string(),
  /** The same happening always has the same key; unique per account. */
  dedupeKey: z.string(),
  occurredAt: z.date(),
  place: Place,
  /** One person's later writings under the same key continue the earlier ones. */
  threadKey: z.string(),
  /** The message, comment or post itself; for edit and remove the one concerned. */
  messageId: z.string().nullable(),
  author: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
  /** As sent, made storable; null when the platform gave none. */
  text: z.string().nullable(),
  quotedMessageId: z.string().nullable(),
  mentionsAccount: z.boolean(),
  attachments: z.array(Attachment),
  /** On an echo: the mark our publisher put into the effect's metadata, where the platform keeps such. */
  echoMark: z.string().nullable(),
  /** Where a reply goes. Only the same platform's publisher reads the inside. Null: cannot be replied to. */
  address: JsonObject.nullable(),
})
export type InboundEvent = z.infer<typeof InboundEvent>

/** Something in a delivery that makes no event, with the named reason that is counted. */
export const IgnoredItem = z.object({ kind: z.literal('ignored'), reason: z.string() })
export type IgnoredItem = z.infer<typeof IgnoredItem>

/** What became of a group that the account is, or was, in. Nobody wrote anything. */
export const GroupNews = z.object({
  kind: z.literal('group_news'),
  accountExternalId: z.string(),
  groupId: z.string(),
  occurredAt: z.date(),
  happened: z.enum(['left', 'dissolved', 'joined', 'settings']),
  /** With `settings`: only admins may write now, only they see who is in it; null where nothing is told of that. */
  isLocked: z.boolean().nullable(),
  hidesMembers: z.boolean().nullable(),
})
export type GroupNews = z.infer<typeof GroupNews>

/** What a platform's `normalise` makes of one delivery: an entry an item, in the order of the payload. */
export type Normalised = ReadonlyArray<InboundEvent | IgnoredItem>

/** The same of a platform that also tells what becomes of groups. */
export type NormalisedWithNews = ReadonlyArray<Normalised[number] | GroupNews>
