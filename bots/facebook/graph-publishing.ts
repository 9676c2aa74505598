import { step } from '../../src/lib/failpoint.ts'
import { Created, RecentConversations, SentPrivately, Standing, Success } from './answers.ts'
import { call, type Found, found, type GraphAccess, get, post, writtenFields } from './graph.ts'

/** What is answered in private: a comment, or a post that a visitor wrote on the Page's wall. */
export type Replied = { readonly comment_id: string } | { readonly post_id: string }

/** Answers its author in Messenger: once ever, within seven days. */
export async function replyPrivately(
  access: GraphAccess,
  pageId: string,
  to: Replied,
  text: string,
  metadata: string,
): Promise<{ messageId: string; recipientId: string | null }> {
  const request = post('private_reply', [pageId, 'messages'], {
    recipient: to,
    message: { text, metadata },
  })
  const sent = await step('facebook-private-reply', () => call(access, request, SentPrivately))
  return { messageId: sent.message_id, recipientId: sent.recipient_id ?? null }
}

/** Gives a comment or a post of ours other words. */
export async function editText(access: GraphAccess, id: string, message: string): Promise<void> {
  await step('facebook-edit', () => call(access, post('edit_comment', [id], { message }), Success))
}

/** Takes down a comment or a post of ours. */
export async function deleteOwn(access: GraphAccess, id: string): Promise<void> {
  const request = { operation: 'delete_comment', method: 'DELETE', segments: [id], params: {} } as const
  await step('facebook-delete', () => call(access, request, Success))
}

/** Hides a resident's comment from everybody but its author and their friends, or shows it again. */
export async function setHidden(access: GraphAccess, commentId: string, isHidden: boolean): Promise<void> {
  // The name is `hide` on Instagram: a wrong one succeeds and does nothing.
  const request = post('hide_comment', [commentId], { is_hidden: isHidden })
  await step('facebook-hide', () => call(access, request, Success))
}

/** A post on the Page's own wall, with a link below it or an uploaded photo. Resolves with its id. */
export async function publishPost(
  access: GraphAccess,
  pageId: string,
  { message, link, photoId }: { message: string; link: string | null; photoId: string | null },
): Promise<string> {
  const request = post('publish_post', [pageId, 'feed'], {
    message,
    ...(link === null ? {} : { link }),
    ...(photoId === null ? {} : { attached_media: [{ media_fbid: photoId }] }),
  })
  return (await step('facebook-post', () => call(access, request, Created))).id
}

/** What stands there now of a comment or a post. */
export async function readStanding(access: GraphAccess, id: string): Promise<{ text: string; isHidden: boolean }> {
  const request = get('read_standing', [id], { fields: 'id,message,is_hidden' })
  const standing = await step('facebook-read-standing', () => call(access, request, Standing))
  return { text: standing.message, isHidden: standing.is_hidden ?? false }
}

/** How many of the latest conversations are read to find a private reply, and how many messages of each. */
export const recentLength = 50
const messagesEach = 10

/** The conversations in which something was said last, the latest first, each with its newest messages. */
export async function readRecentChats(
  access: GraphAccess,
  pageId: string,
): Promise<{ personId: string | null; updatedAt: Date; messages: Found[] }[]> {
  const request = get('read_chats', [pageId, 'conversations'], {
    platform: 'messenger',
    fields: `updated_time,participants,messages.limit(${messagesEach}){${writtenFields}}`,
    limit: recentLength,
  })
  const { data } = await step('facebook-read-chat', () => call(access, request, RecentConversations))
  return data.map(({ updated_time, participants, messages }) => ({
    personId: participants.data.find(({ id }) => id !== pageId)?.id ?? null,
    updatedAt: updated_time,
    messages: messages?.data.map(found) ?? [],
  }))
}
