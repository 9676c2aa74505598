import { z } from 'zod'
import type { Core } from '../core.ts'
import { postAsOa } from '../people.ts'
import type { Attachment } from '../world.ts'
import { contactByUserId } from '../world.ts'
import { type Result, refuse } from './answer.ts'
import { takeQuota } from './window.ts'

const Media = z.object({
  type: z.literal('template'),
  payload: z.object({
    template_type: z.literal('media'),
    elements: z.array(
      z.object({ media_type: z.enum(['image', 'gif']), attachment_id: z.string().optional(), url: z.url().optional() }),
    ),
  }),
})
const Body = z.object({
  recipient: z.object({ user_id: z.string() }),
  message: z.object({
    text: z.string().optional(),
    quote_message_id: z.string().optional(),
    attachment: Media.optional(),
  }),
})

/** `POST /v3.0/oa/message/cs`: a consultation message. There is no idempotency key: the same twice is two messages. */
export function sendCs(core: Core, oaId: string, input: unknown): Result {
  const { world } = core
  const read = Body.safeParse(input)
  if (!read.success) throw refuse(-201)
  const { recipient, message } = read.data
  const text = message.text ?? ''
  if (text.length > 2_000) throw refuse(-210)
  if (text === '' && message.attachment === undefined) throw refuse(-201)
  const contact = contactByUserId(world, oaId, recipient.user_id)
  if (contact === null) throw refuse(-213)
  const quoteMsgId = message.quote_message_id ?? null
  if (quoteMsgId !== null) {
    const quoted = world.messages.get(quoteMsgId)
    if (quoted?.oaId !== oaId || quoted.userId !== contact.userId) throw refuse(-201)
  }
  const attachments = message.attachment === undefined ? [] : mediaOf(core, oaId, message.attachment)
  const quota = takeQuota(core, contact)
  const posted = postAsOa(core, contact, { text, quoteMsgId, attachments, via: 'api' })
  return {
    body: {
      error: 0,
      message: 'Success',
      data: { message_id: posted.msgId, user_id: contact.userId, quota },
    },
    created: [posted.msgId],
    echo: posted.echo,
  }
}

function mediaOf({ world }: Core, oaId: string, { payload }: z.infer<typeof Media>): Attachment[] {
  return payload.elements.map(({ media_type: type, attachment_id: id, url }) => {
    if (url !== undefined) return { type, payload: { thumbnail: url, url } }
    const upload = world.uploads.get(id ?? '')
    if (upload === undefined || upload.oaId !== oaId || upload.until <= world.now()) throw refuse(-201)
    const address = `https://f.zdn.vn/simulated/${id}`
    return { type, payload: { thumbnail: address, url: address } }
  })
}
