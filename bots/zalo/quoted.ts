import type { InboundEvent } from '../../src/intake/event.ts'
import type { RawDelivery } from '../bot.ts'
import { normalise } from './normalise.ts'
import { Envelope, type MessageQuote, ZcaMessage } from './payload.ts'

/**
 * Pure. The message that another one in this delivery quotes in a group, as far as the quote tells: enough to answer it
 * when we have never seen it ourselves. Null: it quotes none, or leaves out whose words they are.
 */
export function quotedIn(delivery: RawDelivery, messageId: string): InboundEvent | null {
  try {
    return readQuote(delivery, messageId)
  } catch {
    return null // nested until the stack is exhausted
  }
}

function readQuote({ accountExternalId, body }: RawDelivery, messageId: string): InboundEvent | null {
  for (const item of itemsIn(body)) {
    const { data, success } = ZcaMessage.safeParse(item)
    if (!success || data.type !== 1 || data.data.msgId !== messageId) continue
    const { quote } = data.data
    if (quote?.ownerId === undefined) return null
    const message = { type: 1, threadId: data.threadId, data: asMessage(quote) }
    const told = Buffer.from(JSON.stringify({ v: 1, event: 'message', data: message }))
    const [event] = normalise({ accountExternalId, body: told })
    return event === undefined || event.kind === 'ignored' || event.kind === 'group_news' ? null : event
  }
  return null
}

function itemsIn(body: Buffer): readonly unknown[] {
  const envelope = Envelope.safeParse(parsed(body.toString('utf8')))
  if (!envelope.success) return []
  const { event, data } = envelope.data
  if (event === 'message') return [data]
  return event === 'old_messages' && Array.isArray(data) ? data : []
}

/** The quoted message as it was once sent. Its numbers are exact, its text is what Zalo shows above the reply. */
function asMessage({ globalMsgId, ownerId, cliMsgId, cliMsgType, ts, msg, attach, fromD, ttl }: MessageQuote): object {
  const content = attach === undefined || attach === '' ? null : parsed(attach)
  const isRich = typeof content === 'object' && content !== null
  const msgType = kinds.get(cliMsgType ?? 1) ?? 'webchat'
  return {
    msgId: globalMsgId,
    uidFrom: ownerId,
    ...(ts === undefined ? {} : { ts }),
    ...(cliMsgId === undefined ? {} : { cliMsgId }),
    ...(fromD === undefined ? {} : { dName: fromD }),
    ...(isRich ? { msgType, content } : { msgType: 'webchat', content: msg ?? '' }),
    ttl: ttl ?? 0,
  }
}

/** As zca-js numbers them when it quotes. */
const kinds: ReadonlyMap<number, string> = new Map([
  [1, 'webchat'],
  [31, 'chat.voice'],
  [32, 'chat.photo'],
  [36, 'chat.sticker'],
  [37, 'chat.doodle'],
  [38, 'chat.link'],
  [43, 'chat.location.new'],
  [44, 'chat.video.msg'],
  [46, 'share.file'],
  [49, 'chat.gif'],
])

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
