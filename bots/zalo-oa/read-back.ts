import { comparable } from '../../src/lib/text.ts'
import { haveSameMark } from '../../src/outbox/mark.ts'
import type { OutboundMessage } from '../../src/outbox/outbound.ts'
import type { FoundOwn } from '../../src/outbox/publisher.ts'
import { type ListedMessage, listedAtOnce } from './api.ts'

/** Clocks differ, and a send that was cut off may have been carried out a little before we know of it. */
const skewMs = 60_000
const maxPages = 5

/**
 * Looks for a message of ours in the chat. Its absence is proved only by a list that goes back to before the send: the
 * person has written or there would be no chat, so an empty list proves nothing.
 */
export async function findInChat(
  list: (offset: number) => Promise<ListedMessage[]>,
  message: OutboundMessage,
): Promise<FoundOwn> {
  const since = message.claimedAt.getTime() - skewMs
  for (let page = 0; page < maxPages; page += 1) {
    const items = await list(page * listedAtOnce)
    const own = items.find((item) => isOwn(item, message, since))
    if (own !== undefined) return { found: 'present', messageId: own.message_id }
    const isBefore = items.some(({ time }) => time < since)
    const isWhole = items.length < listedAtOnce && (page > 0 || items.length > 0)
    if (isBefore || isWhole) return { found: 'absent' }
    if (items.length === 0) return { found: 'unknowable' }
  }
  return { found: 'unknowable' }
}

function isOwn(item: ListedMessage, { text, fileId }: OutboundMessage, since: number): boolean {
  if (item.src !== 0) return false
  const sameMark = haveSameMark(item.message, text)
  if (sameMark !== null) return sameMark
  if (item.time < since) return false
  // Zalo may show a picture without its words; taking a colleague's for ours leaves one unsent in the worst case.
  if (fileId !== null && item.type === 'photo' && item.message === '') return true
  return comparable(item.message) === comparable(text)
}
