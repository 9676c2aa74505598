import { z } from 'zod'
import type { Core } from '../core.ts'
import { contactByUserId, threadOf } from '../world.ts'
import { type Result, refuse } from './answer.ts'

const Asked = z.object({ user_id: z.coerce.string(), offset: z.int().min(0), count: z.int().min(1).max(10) })

/** `GET /v2.0/oa/conversation?data={…}`: the newest messages with one person, ten at most. */
export function conversation(core: Core, oaId: string, data: string | null): Result {
  const { world, settings } = core
  if (!settings.history) throw refuse(-209)
  const asked = Asked.safeParse(parsed(data))
  if (!asked.success) throw refuse(-201)
  const { user_id: userId, offset, count } = asked.data
  if (contactByUserId(world, oaId, userId) === null) throw refuse(-201)
  const newest = [...threadOf(world, oaId, userId)].reverse().slice(offset, offset + count)
  const items = newest.flatMap((id) => {
    const message = world.messages.get(id)
    if (message === undefined) return []
    const { msgId, fromOa, text, attachments, at } = message
    const [first] = attachments
    return [
      {
        src: fromOa ? 0 : 1,
        time: at,
        type: first === undefined ? 'text' : first.type === 'image' ? 'photo' : first.type,
        message: text,
        message_id: msgId,
        from_id: fromOa ? oaId : userId,
        to_id: fromOa ? userId : oaId,
        ...(typeof first?.payload.url === 'string' ? { url: first.payload.url } : {}),
      },
    ]
  })
  return { body: { data: items, error: 0, message: 'Success' } }
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return null
  }
}
