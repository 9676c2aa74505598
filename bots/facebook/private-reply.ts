import { plusMs } from '../../src/lib/clock.ts'
import { haveSameMark } from '../../src/outbox/mark.ts'
import type { OutboundMessage } from '../../src/outbox/outbound.ts'
import type { FoundOwn } from '../../src/outbox/publisher.ts'
import type { Effect, Page } from './effect.ts'
import type { Replied } from './graph-publishing.ts'
import { clockSkewMs } from './read-back.ts'
import { ourMetadataPrefix } from './read-messaging.ts'

/**
 * The one private answer that a comment or a visitor's post may have. Whose chat it opens is told by the answer alone: the author's id of a
 * comment need not be the one by which Messenger knows the same person.
 */
export function privateReply(page: Page, to: Replied, message: OutboundMessage): Effect {
  const { access, pageId } = page
  return {
    isDoneWhenGone: false,
    async carryOut() {
      const { replyPrivately } = await import('./graph-publishing.ts')
      const metadata = `${ourMetadataPrefix}${message.id}`
      const text = message.text.normalize('NFC')
      const { messageId, recipientId } = await replyPrivately(access, pageId, to, text, metadata)
      return { messageId, ...(recipientId === null ? {} : { recipientId }) }
    },
    find: () => findPrivateReply(page, message),
  }
}

/**
 * Looks through the latest conversations. Not found is enough to try again, since a second private reply is refused; it
 * is not enough to say what became of it, so only a list that reaches back behind the claim proves anything.
 */
async function findPrivateReply(
  { access, pageId }: Page,
  { text, claimedAt }: Pick<OutboundMessage, 'text' | 'claimedAt'>,
): Promise<FoundOwn> {
  const { readRecentChats, recentLength } = await import('./graph-publishing.ts')
  const chats = await readRecentChats(access, pageId)
  for (const { personId, messages } of chats) {
    const own = messages.find((one) => one.authorId === pageId && haveSameMark(one.text, text) === true)
    if (own !== undefined) {
      return { found: 'present', messageId: own.id, ...(personId === null ? {} : { recipientId: personId }) }
    }
  }
  const oldest = chats.at(-1)
  const reachesBack = chats.length < recentLength || (oldest?.updatedAt ?? claimedAt) < plusMs(claimedAt, -clockSkewMs)
  return { found: reachesBack ? 'absent' : 'unknowable' }
}
