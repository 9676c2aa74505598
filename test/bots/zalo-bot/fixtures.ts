import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { RawDelivery } from '../../../bots/bot.ts'

export const botId = '4460012345678901'

const Fixture = z.object({
  headers: z.record(z.string(), z.string()).optional(),
  secrets: z.object({ secret_token: z.string() }).optional(),
  body: z.unknown(),
})

/** A captured exchange with the platform. */
export function fixture(name: string): z.infer<typeof Fixture> {
  const path = new URL(`../../fixtures/zalo-bot/${name}.json`, import.meta.url)
  return Fixture.parse(JSON.parse(readFileSync(path, 'utf8')))
}

export function delivery(body: unknown): RawDelivery {
  return { accountExternalId: botId, body: Buffer.from(JSON.stringify(body)) }
}

/** A text as the platform brings it, with overrides. */
export function update(message: object = {}, event = 'message.text.received'): object {
  return {
    ok: true,
    result: {
      event_name: event,
      message: {
        from: { id: '6ede9afa66b88fe6d6a9', display_name: 'Nguyễn Văn A', is_bot: false },
        chat: { id: '6ede9afa66b88fe6d6a9', chat_type: 'PRIVATE' },
        text: 'Xin chào',
        message_id: '2d758cb5e222177a4e35',
        date: 1_764_000_000_000,
        ...message,
      },
    },
  }
}
