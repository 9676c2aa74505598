import type { OutboundMessage } from '../../src/outbox/outbound.ts'
import { broughtPicture } from './brought-picture.ts'
import type { Effect, Page } from './effect.ts'
import { findOwnComment } from './read-back.ts'

/** A comment of the Page under a comment or a visitor's post, with a picture or without. */
export function publicReply(page: Page, objectId: string, message: OutboundMessage): Effect {
  const { access, pageId } = page
  return {
    isDoneWhenGone: false,
    async carryOut() {
      const { commentOn } = await import('./graph.ts')
      const photoId = await broughtPicture(page, message.fileId)
      return { messageId: await commentOn(access, objectId, message.text.normalize('NFC'), photoId) }
    },
    find: () => findOwnComment(access, pageId, objectId, message),
  }
}
