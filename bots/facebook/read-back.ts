import { plusMs } from '../../src/lib/clock.ts'
import { comparable } from '../../src/lib/text.ts'
import { findMark } from '../../src/outbox/mark.ts'
import type { OutboundMessage } from '../../src/outbox/outbound.ts'
import type { FoundOwn } from '../../src/outbox/publisher.ts'
import type { Found, GraphAccess } from './graph.ts'

type Wanted = Pick<OutboundMessage, 'text' | 'claimedAt'>

/** Facebook's clock and ours may differ by so much. */
const clockSkewMs = 60_000
/** Of 100 comments each; a thread that grew by more since the claim is for a person to read. */
const maxPages = 50

/** Looks for our comment under an object, newest first, until everything there is older than the claim. */
export async function findOwnComment(
  access: GraphAccess,
  pageId: string,
  objectId: string,
  wanted: Wanted,
): Promise<FoundOwn> {
  const { readComments } = await import('./graph.ts')
  const since = plusMs(wanted.claimedAt, -clockSkewMs)
  let after: string | null = null
  for (let page = 0; page < maxPages; page += 1) {
    const read: Awaited<ReturnType<typeof readComments>> = await readComments(access, objectId, after)
    const own = read.comments.find((one) => one.authorId === pageId && isSame(one, wanted.text, since))
    if (own !== undefined) return { found: 'present', messageId: own.id }
    after = read.after
    const oldest = read.comments.at(-1)
    if (after === null || (oldest !== undefined && oldest.createdAt < since)) return { found: 'absent' }
  }
  return { found: 'unknowable' }
}

/** Looks for our Messenger text, which may have gone out in parts: some but not all of them is for a person. */
export async function findOwnMessage(
  access: GraphAccess,
  pageId: string,
  psid: string,
  parts: readonly string[],
  claimedAt: Date,
): Promise<FoundOwn> {
  const { pageLength, readChat } = await import('./graph.ts')
  const since = plusMs(claimedAt, -clockSkewMs)
  const messages = await readChat(access, pageId, psid)
  // The person has written to us, so a conversation exists: none to be seen means that we cannot see.
  if (messages === null) return { found: 'unknowable' }
  const own = parts.map((part) => messages.find((one) => one.authorId === pageId && isSame(one, part, since)))
  const seen = own.filter((one) => one !== undefined)
  const last = seen.at(-1)
  if (last !== undefined) {
    return seen.length === parts.length ? { found: 'present', messageId: last.id } : { found: 'unknowable' }
  }
  const oldest = messages.at(-1)
  const reachesBack = messages.length < pageLength || (oldest !== undefined && oldest.createdAt < since)
  return { found: reachesBack ? 'absent' : 'unknowable' }
}

/** Code and ordinal are unique to one row. Without them only the whole text counts, and not one from before the claim. */
function isSame(found: Found, text: string, since: Date): boolean {
  const [theirs, ours] = [findMark(found.text), findMark(text)]
  if (theirs !== null && ours !== null) return theirs.code === ours.code && theirs.ordinal === ours.ordinal
  return found.createdAt >= since && comparable(found.text) === comparable(text)
}
