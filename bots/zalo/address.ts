import { z } from 'zod'
import { storable } from '../../src/lib/text.ts'
import type { MessageData } from './payload.ts'

type Json = z.infer<ReturnType<typeof z.json>>

/** The eight fields Zalo wants of a quoted message, verbatim; any other set is refused with 114. */
export const Quote = z.object({
  content: z.json(),
  msgType: z.string(),
  propertyExt: z.json().exactOptional(),
  uidFrom: z.string(),
  msgId: z.string(),
  cliMsgId: z.string(),
  ts: z.string(),
  ttl: z.number(),
})
export type Quote = z.infer<typeof Quote>

/** Where a reply goes. The kind of thread is part of it: zca-js takes a forgotten one for a single person. */
export const ZaloAddress = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('group'),
    groupId: z.string().min(1),
    quote: Quote.exactOptional(),
    mention: z.object({ uid: z.string().min(1), name: z.string() }).exactOptional(),
  }),
  z.object({ type: z.literal('user'), uid: z.string().min(1), quote: Quote.optional() }),
])
export type ZaloAddress = z.infer<typeof ZaloAddress>

const deepest = 32

/** The quote of a message, null where zca-js or the reader's phone could not show one. */
export function quoteOf(data: MessageData, thread: 'group' | 'user'): Quote | null {
  if (data.cliMsgId === undefined || data.ts === undefined || !isQuotable(data, thread)) return null
  const content = storableJson(data.content)
  if (content === undefined) return null
  const propertyExt = storableJson(data.propertyExt)
  return {
    content,
    msgType: storable(data.msgType),
    ...(propertyExt === undefined || propertyExt === null ? {} : { propertyExt }),
    uidFrom: data.uidFrom,
    msgId: data.msgId,
    cliMsgId: data.cliMsgId,
    ts: data.ts,
    ttl: data.ttl ?? 0,
  }
}

function isQuotable({ content, msgType }: MessageData, thread: 'group' | 'user'): boolean {
  if (typeof content === 'string') return msgType !== 'group.poll' && msgType !== 'chat.todo'
  // Between two people zca-js leaves qmsgAttach out and the phone says "unsupported message".
  if (thread === 'user') return false
  // zca-js refuses the first two, reads inside the third without looking, and cannot quote what is no object.
  if (['webchat', 'group.poll', 'chat.todo'].includes(msgType)) return false
  return typeof content === 'object' && content !== null && !Array.isArray(content)
}

/** JSON that a JSON column takes: text made storable all the way down; undefined when it is nested beyond reason. */
function storableJson(value: unknown, depth = 0): Json | undefined {
  if (depth > deepest) return undefined
  if (typeof value === 'string') return storable(value)
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value !== 'object') return undefined
  if (Array.isArray(value)) {
    const items = value.map((item) => storableJson(item, depth + 1))
    return items.every((item) => item !== undefined) ? items : undefined
  }
  const entries: [string, Json][] = []
  for (const [key, inner] of Object.entries(value)) {
    const kept = storableJson(inner, depth + 1)
    if (kept === undefined) return undefined
    entries.push([storable(key), kept])
  }
  return Object.fromEntries(entries)
}
