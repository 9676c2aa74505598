import { readOaBody } from './read.ts'

/**
 * Receipts and reactions come several to a message. Such a body is counted under this reason and dropped at the door;
 * null means that it may matter, so it is kept.
 */
export function oaNoise(body: unknown): string | null {
  const reading = readOaBody(body)
  return reading.kind === 'received' || reading.kind === 'seen' || reading.kind === 'reaction'
    ? reading.eventName
    : null
}
