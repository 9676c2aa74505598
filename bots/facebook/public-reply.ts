import type { OutboundMessage } from '../../src/outbox/outbound.ts'
import type { Effect, Page } from './effect.ts'
import { findOwnComment } from './read-back.ts'

/** A comment of the Page under a comment or a visitor's post. */
export function publicReply({ access, pageId }: Page, objectId: string, message: OutboundMessage): Effect {
  return {
    isDoneWhenGone: false,
    async carryOut() {
      const { commentOn } = await import('./graph.ts')
      return { messageId: await commentOn(access, objectId, message.text.normalize('NFC')) }
    },
    find: () => findOwnComment(access, pageId, objectId, message),
  }
}
