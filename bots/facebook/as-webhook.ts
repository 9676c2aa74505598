import type { Shown } from './answers.ts'

/** One element of `entry[].changes`, as Facebook would have sent it. */
export interface Change {
  readonly id: string
  readonly at: Date
  readonly value: Readonly<Record<string, unknown>>
}

/**
 * What Graph shows of a comment, in the shape in which its webhook tells it: so normalise, and with it the key by which a
 * comment is known already, are the same for both ways.
 */
export function commentChange(postId: string, comment: Shown): Change {
  const { id, parent, attachment } = comment
  const picture = attachment?.media?.image?.src ?? attachment?.url
  const isVideo = attachment?.type.startsWith('video') === true
  return {
    id,
    at: comment.created_time,
    value: {
      item: 'comment',
      verb: 'add',
      comment_id: id,
      post_id: postId,
      parent_id: parent?.id ?? postId, // a webhook names the post where there is no other parent
      ...told(comment),
      ...(attachment?.type === 'photo' && picture !== undefined ? { photo: picture } : {}),
      ...(isVideo ? { video: attachment?.media?.source ?? attachment?.url } : {}),
    },
  }
}

/** The same for a visitor's post on the Page's wall. */
export function visitorPostChange(post: Shown): Change {
  const value = { item: 'post', verb: 'add', post_id: post.id, ...told(post) }
  return { id: post.id, at: post.created_time, value }
}

/** A body as it would have come. The same changes make the same bytes, whenever they are read. */
export function deliveryOf(pageId: string, changes: readonly Change[]): Buffer {
  const oldestFirst = [...changes].sort((a, b) => seconds(a.at) - seconds(b.at) || (a.id < b.id ? -1 : 1))
  const time = Math.max(0, ...oldestFirst.map(({ at }) => seconds(at)))
  const entry = { id: pageId, time, changes: oldestFirst.map(({ value }) => ({ field: 'feed', value })) }
  return Buffer.from(JSON.stringify({ object: 'page', entry: [entry] }))
}

function told({ from, message, created_time }: Shown): Record<string, unknown> {
  return {
    created_time: seconds(created_time),
    ...(from === undefined ? {} : { from }),
    ...(message === '' ? {} : { message }),
  }
}

function seconds(at: Date): number {
  return Math.floor(at.getTime() / 1000)
}
