import { z } from 'zod'

const ObjectId = z.string().regex(/^\d{1,32}(_\d{1,32}){0,2}$/)

/** Where a reply goes: written into the event by `normalise`, read back by the publisher. */
export const FacebookAddress = z.discriminatedUnion('type', [
  z.object({ type: z.literal('comment'), rootCommentId: ObjectId }),
  z.object({ type: z.literal('post'), postId: ObjectId }),
  z.object({ type: z.literal('messenger'), psid: ObjectId }),
])
export type FacebookAddress = z.infer<typeof FacebookAddress>

/** The object a public reply stands under. */
export function objectIdOf(address: Exclude<FacebookAddress, { type: 'messenger' }>): string {
  return address.type === 'comment' ? address.rootCommentId : address.postId
}

/** {story}_{comment} under {page}_{story}. */
export function postIdOf(pageId: string, address: Exclude<FacebookAddress, { type: 'messenger' }>): string {
  return address.type === 'post' ? address.postId : `${pageId}_${address.rootCommentId.split('_', 1)[0]}`
}
