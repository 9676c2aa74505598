import type { OutboundMessage } from '../../src/outbox/outbound.ts'
import type { Effect, Page } from './effect.ts'
import { findOwnPost } from './read-back.ts'

/** A post on the Page's own wall: words with a link, or one picture with words below it. */
export function wallPost({ access, pageId }: Page, message: OutboundMessage): Effect {
  const { link, photoUrl } = message
  return {
    isDoneWhenGone: false,
    async carryOut() {
      const { publishPhoto, publishPost } = await import('./graph-publishing.ts')
      const text = message.text.normalize('NFC')
      const messageId =
        photoUrl === null
          ? await publishPost(access, pageId, { message: text, link })
          : await publishPhoto(access, pageId, { caption: text, url: photoUrl })
      return { messageId }
    },
    find: () => findOwnPost(access, pageId, message),
  }
}
