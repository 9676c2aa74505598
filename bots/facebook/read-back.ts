import { plusMs } from '../../src/lib/clock.ts'
import { comparable } from '../../src/lib/text.ts'
import { haveSameMark } from '../../src/outbox/mark.ts'
import type { OutboundMessage } from '../../src/outbox/outbound.ts'
import type { FoundOwn } from '../../src/outbox/publisher.ts'
import type { Found, GraphAccess } from './graph.ts'

type Wanted = Pick<OutboundMessage, 'text' | 'claimedAt'>

/** Facebook's clock and ours may differ by so much. */
export const clockSkewMs = 60_000
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
  return findNewestFirst(pageId, wanted, async (after) => {
    const read = await readComments(access, objectId, after)
    return { found: read.comments, after: read.after }
  })
}

/** Looks for our post on the Page's own wall. */
export async function findOwnPost(access: GraphAccess, pageId: string, wanted: Wanted): Promise<FoundOwn> {
  const { found, readPosts } = await import('./graph.ts')
  return findNewestFirst(pageId, wanted, async (after) => {
    const read = await readPosts(access, pageId, after)
    return { found: read.shown.map(found), after: read.after }
  })
}

async function findNewestFirst(
  pageId: string,
  wanted: Wanted,
  read: (after: string | null) => Promise<{ found: readonly Found[]; after: string | null }>,
): Promise<FoundOwn> {
  const since = plusMs(wanted.claimedAt, -clockSkewMs)
  let after: string | null = null
  for (let page = 0; page < maxPages; page += 1) {
    const { found, after: next } = await read(after)
    const own = found.find((one) => one.authorId === pageId && isSame(one, wanted.text, since))
    if (own !== undefined) return { found: 'present', messageId: own.id }
    after = next
    const oldest = found.at(-1)
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

/** A mark is of one row alone. Without them only the whole text counts, and not one from before the claim. */
function isSame(found: Found, text: string, since: Date): boolean {
  const hasSameMark = haveSameMark(found.text, text)
  if (hasSameMark !== null) return hasSameMark
  return found.createdAt >= since && comparable(found.text) === comparable(text)
}
