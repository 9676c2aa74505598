import type { OutboundMessage } from '../../src/outbox/outbound.ts'
import { broughtPicture } from './brought-picture.ts'
import type { Effect, Page } from './effect.ts'
import { findOwnPost } from './read-back.ts'

/** A post on the Page's own wall: words, with a link or one picture. */
export function wallPost(page: Page, message: OutboundMessage): Effect {
  const { access, pageId } = page
  const { link, fileId } = message
  return {
    isDoneWhenGone: false,
    async carryOut() {
      const { publishPost } = await import('./graph-publishing.ts')
      const photoId = await broughtPicture(page, fileId)
      const content = { message: message.text.normalize('NFC'), link, photoId }
      return { messageId: await publishPost(access, pageId, content) }
    },
    find: () => findOwnPost(access, pageId, message),
  }
}
