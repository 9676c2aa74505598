import { z } from 'zod'
import { AppError } from '../../src/lib/errors.ts'
import type { Picture } from '../../src/outbox/publisher.ts'
import { type OaFailure, platformCodeOf } from './errors.ts'
import { callOa, NoAnswerError, type OaCall, type OaWire } from './wire.ts'

const Code = z.coerce.number().int()
const Head = z.object({ error: Code.optional() })
const count = z.union([z.string(), z.number()]).transform(String).catch('')
const Quota = z.object({ quota_type: z.string(), remain: count, total: count })
const Sent = z.object({
  data: z.object({ message_id: z.string().min(1), quota: Quota.optional().catch(undefined) }),
})
const Uploaded = z.object({ data: z.object({ attachment_id: z.string().min(1) }) })
const Listed = z.object({
  data: z.array(
    z.object({
      /** 0: from the OA; 1: from the person. */
      src: z.coerce.number(),
      time: z.coerce.number().transform(inMilliseconds),
      type: z.string().catch(''),
      message: z.string().catch(''),
      message_id: z.string(),
    }),
  ),
})

export type OaQuota = z.infer<typeof Quota>
export type ListedMessage = z.infer<typeof Listed>['data'][number]

/** Said to be milliseconds; elsewhere Zalo has written seconds, so size decides. */
function inMilliseconds(time: number): number {
  return time < 100_000_000_000 ? time * 1000 : time
}

/** As many as one call gives. */
export const listedAtOnce = 10

/** A call that did not end in a readable success. Codes and numbers only: never a token, an address or a text. */
export class OaApiError extends AppError {
  readonly code = 'zalo_oa_error'
  readonly failure: OaFailure

  constructor(path: string, failure: OaFailure) {
    const platformCode = platformCodeOf(failure)
    super(`Zalo did not carry out ${path}: ${platformCode}`, { details: { path, http: failure.http, platformCode } })
    this.failure = failure
  }
}

export interface OutgoingText {
  readonly userId: string
  readonly text: string
  readonly quoteMessageId?: string | undefined
  /** Of an uploaded picture. */
  readonly attachmentId?: string
}

/** A consultation message. Zalo knows no idempotency key: the same call twice is two messages. */
export async function sendText(
  wire: OaWire,
  accessToken: string,
  { userId, text, quoteMessageId, attachmentId }: OutgoingText,
): Promise<{ messageId: string; quota: OaQuota | null }> {
  const elements = [{ media_type: 'image', attachment_id: attachmentId }]
  const attachment = { type: 'template', payload: { template_type: 'media', elements } }
  const message = {
    text,
    ...(quoteMessageId === undefined ? {} : { quote_message_id: quoteMessageId }),
    ...(attachmentId === undefined ? {} : { attachment }),
  }
  const { data } = await ask(wire, Sent, {
    host: 'openapi.zalo.me',
    method: 'POST',
    path: '/v3.0/oa/message/cs',
    headers: { access_token: accessToken, 'content-type': 'application/json' },
    body: JSON.stringify({ recipient: { user_id: userId }, message }),
  })
  return { messageId: data.message_id, quota: data.quota ?? null }
}

/** Brings a picture to Zalo, where nobody sees it before a message shows it. */
export async function uploadPicture(wire: OaWire, accessToken: string, { data, name }: Picture): Promise<string> {
  const type = name.endsWith('.png') ? 'image/png' : 'image/jpeg'
  const form = new FormData()
  form.set('file', new File([new Uint8Array(data)], name, { type }))
  const uploaded = await ask(wire, Uploaded, {
    host: 'openapi.zalo.me',
    method: 'POST',
    path: '/v2.0/oa/upload/image',
    headers: { access_token: accessToken },
    body: form,
  })
  return uploaded.data.attachment_id
}

/** Messages with one person, the newest first. */
export async function listMessages(
  wire: OaWire,
  accessToken: string,
  userId: string,
  offset: number,
): Promise<ListedMessage[]> {
  const { data } = await ask(wire, Listed, {
    host: 'openapi.zalo.me',
    method: 'GET',
    path: '/v2.0/oa/conversation',
    query: { data: JSON.stringify({ user_id: userId, offset, count: listedAtOnce }) },
    headers: { access_token: accessToken },
  })
  return data
}

async function ask<T extends z.ZodType>(wire: OaWire, schema: T, call: OaCall): Promise<z.infer<T>> {
  const answer = await callOa(wire, call).catch((error: unknown) => {
    if (!(error instanceof NoAnswerError)) throw error
    const { wasReached, transport } = error
    throw new OaApiError(call.path, { http: null, wasReached, transport, code: null })
  })
  const code = Head.safeParse(answer.body).data?.error ?? null
  const read = schema.safeParse(answer.body)
  // A success without what it should have brought cannot be recorded as done.
  if (answer.http === 200 && (code === 0 || code === null) && read.success) return read.data
  throw new OaApiError(call.path, { http: answer.http, wasReached: true, transport: null, code })
}
