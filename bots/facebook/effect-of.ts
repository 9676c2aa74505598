import type { Audience, OutboundKind, OutboundMessage } from '../../src/outbox/outbound.ts'
import { RejectedError } from '../../src/outbox/publisher.ts'
import { FacebookAddress, objectIdOf } from './address.ts'
import type { Effect, Page } from './effect.ts'
import type { Replied } from './graph-publishing.ts'
import { messengerText } from './messenger-text.ts'
import { privateReply } from './private-reply.ts'
import { publicReply } from './public-reply.ts'
import { editing, hiding, takingDown } from './revision.ts'
import { wallPost } from './wall-post.ts'

/** What is to be done; what everybody will see must have been meant for everybody. */
export function effectOf(page: Page, message: OutboundMessage): Effect {
  const { kind, targetId } = message
  switch (kind) {
    case 'post':
      meantFor(message, 'public')
      return wallPost(page, message)
    case 'private_reply':
      meantFor(message, 'resident')
      return privateReply(page, replied(message), message)
    case 'edit':
      meantFor(message, 'public')
      return editing(page, target(targetId), message.text)
    case 'delete':
      meantFor(message, 'moderation')
      return takingDown(page, target(targetId))
    case 'hide':
    case 'unhide':
      meantFor(message, 'moderation')
      return hiding(page, target(targetId), kind === 'hide')
    default:
      return textAt(page, message)
  }
}

function textAt(page: Page, message: OutboundMessage): Effect {
  const address = FacebookAddress.safeParse(message.address)
  if (!address.success) throw refused('expected a Facebook address', 'bad_address')
  if (address.data.type === 'messenger') return messengerText(page, address.data.psid, message)
  meantFor(message, 'public')
  return publicReply(page, objectIdOf(address.data), message)
}

function meantFor({ kind, audience }: { kind: OutboundKind; audience: Audience }, wanted: Audience): void {
  if (audience !== wanted) throw refused(`expected a ${kind} for ${wanted}, got one for ${audience}`, `not_${wanted}`)
}

function replied({ address, targetId }: OutboundMessage): Replied {
  const id = target(targetId)
  return FacebookAddress.safeParse(address).data?.type === 'post' ? { post_id: id } : { comment_id: id }
}

function target(id: string | null): string {
  if (id === null || !/^\d{1,32}(_\d{1,32})?$/.test(id)) {
    throw refused('expected the id of a comment or a post', 'bad_target')
  }
  return id
}

function refused(sentence: string, platformCode: string): RejectedError {
  return new RejectedError(sentence, { answered: false, platformCode })
}
