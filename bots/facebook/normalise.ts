import type { Normalised } from '../../src/intake/event.ts'
import type { RawDelivery } from '../bot.ts'
import { commentEvent, postEvent } from './normalise-feed.ts'
import { messagingEvent } from './normalise-messaging.ts'
import type { Reading } from './reading.ts'
import { readBody } from './readings.ts'

/**
 * One entry an item, in the order of the payload. Which Pages are ours is the caller's to check: the signature proves
 * the app only.
 */
export function normalise({ body }: RawDelivery): Normalised {
  let parsed: unknown
  try {
    parsed = JSON.parse(body.toString('utf8'))
  } catch {
    return [{ kind: 'ignored', reason: 'not_json' }]
  }
  return readBody(parsed).map(toEvent)
}

function toEvent(reading: Reading): Normalised[number] {
  switch (reading.kind) {
    case 'ignored':
      return { kind: 'ignored', reason: reading.reason }
    case 'comment':
    case 'comment_edit':
    case 'comment_remove':
      return commentEvent(reading)
    case 'visitor_post':
    case 'visitor_post_edit':
    case 'post_remove':
      return postEvent(reading)
    default:
      return messagingEvent(reading)
  }
}
