import type { OutboundMessage } from '../../src/outbox/outbound.ts'
import { OutcomeUnknownError } from '../../src/outbox/publisher.ts'
import type { Effect, Page } from './effect.ts'
import { GraphError } from './failure.ts'
import { findOwnMessage } from './read-back.ts'
import { ourMetadataPrefix } from './read-messaging.ts'
import { splitText } from './split-text.ts'

const maxMessengerChars = 2000

/** A text in the conversation with one person; a long one goes out in parts. */
export function messengerText(page: Page, psid: string, { id, text, claimedAt }: OutboundMessage): Effect {
  const { access, pageId } = page
  return {
    isDoneWhenGone: false,
    async carryOut() {
      return { messageId: await sendParts(page, psid, splitText(text.normalize('NFC'), maxMessengerChars), id) }
    },
    find: () => findOwnMessage(access, pageId, psid, splitText(text, maxMessengerChars), claimedAt),
  }
}

async function sendParts(page: Page, psid: string, parts: readonly string[], rowId: string): Promise<string> {
  const { sendText } = await import('./graph.ts')
  const mark = `${ourMetadataPrefix}${rowId}`
  let messageId = ''
  for (const [index, part] of parts.entries()) {
    // Only the last part carries the bare id: its echo says that the whole text is out.
    const metadata = index === parts.length - 1 ? mark : `${mark}#${index + 1}/${parts.length}`
    try {
      messageId = await sendText(page.access, page.pageId, psid, part, metadata)
    } catch (error) {
      if (index === 0 || !(error instanceof GraphError)) throw error
      // Whatever stopped the rest, sending the text again would double what is out.
      const advice = page.adviceOn(error.failure)
      throw new OutcomeUnknownError('a part of the text is out', { advice, platformCode: 'half_sent' })
    }
  }
  return messageId
}
