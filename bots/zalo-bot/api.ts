import { z } from 'zod'
import { step } from '../../src/lib/failpoint.ts'
import { type BotAccess, callBot, exchange } from './call.ts'
import { BotCallError, type BotFailure } from './failure.ts'

const Me = z.object({ id: z.string(), account_name: z.string(), can_join_groups: z.boolean().catch(false) })
const SentMessage = z.object({ message_id: z.string().min(1) })
const WebhookInfo = z.object({ url: z.string().catch('') })

/** Whose token it is. */
export async function getMe(access: BotAccess, timeoutMs: number): Promise<{ id: string; name: string }> {
  const result = await callBot(access, { method: 'getMe', params: {}, timeoutMs })
  const me = Me.safeParse(result).data
  if (me === undefined) throw unreadable('getMe')
  return { id: me.id, name: me.account_name }
}

/** An update longer than this is none of a person's 2,000 characters. */
const MOST_BYTES = 256 * 1024

/** `bytes`: what has to be kept; null: nothing. `failure`: why asking went wrong all the same. */
export interface Handed {
  readonly bytes: Buffer | null
  readonly failure: BotFailure | null
}

/**
 * Waits up to `seconds` for one update. The platform forgets what it has handed out, so the bytes must be durable before
 * anything else is done. What came as a success and is not the platform's usual answer is given out too: it may be an
 * update in a shape that we do not know, and nobody would ever get it again.
 */
export async function getUpdate(
  access: BotAccess,
  { seconds, timeoutMs, signal }: { seconds: number; timeoutMs: number; signal: AbortSignal },
): Promise<Handed> {
  const call = { method: 'getUpdates', params: { timeout: seconds }, timeoutMs, signal }
  const { bytes, failure } = await exchange(access, call)
  if (failure === null) return { bytes, failure }
  // An idle wait ends in an error: the platform's way of saying that nobody wrote.
  if (failure.code === 408) return { bytes: null, failure: null }
  const isStrange = failure.http === 200 && failure.code === null
  return { bytes: isStrange && bytes.length > 0 && bytes.length <= MOST_BYTES ? bytes : null, failure }
}

export async function setWebhook(
  access: BotAccess,
  { url, secret }: { url: string; secret: string },
  timeoutMs: number,
): Promise<void> {
  await callBot(access, { method: 'setWebhook', params: { url, secret_token: secret }, timeoutMs })
}

export async function deleteWebhook(access: BotAccess, timeoutMs: number): Promise<void> {
  await callBot(access, { method: 'deleteWebhook', params: {}, timeoutMs })
}

/** Where updates go; null when they are to be fetched. */
export async function webhookUrl(access: BotAccess, timeoutMs: number): Promise<string | null> {
  const result = await callBot(access, { method: 'getWebhookInfo', params: {}, timeoutMs })
  const { url } = WebhookInfo.catch({ url: '' }).parse(result)
  return url === '' ? null : url
}

/** The id of the message, null where the platform says that it was sent and gives none. */
export async function sendText(
  access: BotAccess,
  { chatId, text }: { chatId: string; text: string },
  timeoutMs: number,
): Promise<string | null> {
  const call = { method: 'sendMessage', params: { chat_id: chatId, text }, timeoutMs }
  const result = await step('zalo-bot-send', () => callBot(access, call))
  return SentMessage.safeParse(result).data?.message_id ?? null
}

function unreadable(method: string): BotCallError {
  const facts = { http: 200, code: null, transport: 'unreadable', reached: true, retryAfterMs: null }
  return new BotCallError({ method, ...facts })
}
