import { z } from 'zod'
import { step } from '../../src/lib/failpoint.ts'
import { type BotAccess, callBot } from './call.ts'
import { BotCallError } from './failure.ts'

const Me = z.object({ id: z.string(), account_name: z.string(), can_join_groups: z.boolean().catch(false) })
const SentMessage = z.object({ message_id: z.string().min(1) })
const WebhookInfo = z.object({ url: z.string().catch('') })

/** Whose token it is. */
export async function getMe(access: BotAccess, timeoutMs: number): Promise<{ id: string; name: string }> {
  const { result } = await callBot(access, { method: 'getMe', params: {}, timeoutMs })
  const me = Me.safeParse(result).data
  if (me === undefined) throw unreadable('getMe')
  return { id: me.id, name: me.account_name }
}

/**
 * Waits up to `seconds` for one update and gives its bytes; null when nothing came. The platform forgets what it has
 * handed out, so this must be durable before the next call.
 */
export async function getUpdate(
  access: BotAccess,
  { seconds, timeoutMs, signal }: { seconds: number; timeoutMs: number; signal: AbortSignal },
): Promise<Buffer | null> {
  try {
    const call = { method: 'getUpdates', params: { timeout: seconds }, timeoutMs, signal }
    const { bytes } = await step('zalo-bot-poll', () => callBot(access, call))
    return bytes
  } catch (error) {
    // An idle wait ends in an error: the platform's way of saying that nobody wrote.
    if (error instanceof BotCallError && error.failure.code === 408) return null
    throw error
  }
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
  const { result } = await callBot(access, { method: 'getWebhookInfo', params: {}, timeoutMs })
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
  const { result } = await step('zalo-bot-send', () => callBot(access, call))
  return SentMessage.safeParse(result).data?.message_id ?? null
}

function unreadable(method: string): BotCallError {
  const facts = { http: 200, code: null, transport: 'unreadable', reached: true, retryAfterMs: null }
  return new BotCallError({ method, ...facts })
}
