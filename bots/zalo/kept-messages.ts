import { z } from 'zod'

/** Messages that are durable already, so that a backfill, which repeats two weeks each time, adds only what is new. */
export interface KeptMessages {
  has(message: unknown): boolean
  add(message: unknown): void
}

const Id = z.union([z.string(), z.number()]).transform(String)
const Identified = z.object({ threadId: Id, data: z.object({ msgId: Id, content: z.unknown().optional() }) })

/** Remembers at most `limit` messages, the latest ones. */
export function createKeptMessages(limit: number): KeptMessages {
  const kept = new Set<string>()
  return {
    has: (message) => {
      const key = keyOf(message)
      return key !== null && kept.has(key)
    },
    add: (message) => {
      const key = keyOf(message)
      if (key === null) return
      kept.add(key)
      if (kept.size <= limit) return
      const [oldest] = kept
      if (oldest !== undefined) kept.delete(oldest)
    },
  }
}

/** Null for what has no id: that is never taken for known. */
function keyOf(message: unknown): string | null {
  const read = Identified.safeParse(message)
  if (!read.success) return null
  const { threadId, data } = read.data
  // An undo may carry the id of the very message it takes back.
  const isUndo = typeof data.content === 'object' && data.content !== null && 'deleteMsg' in data.content
  return `${isUndo ? 'undo:' : ''}${threadId}:${data.msgId}`
}
