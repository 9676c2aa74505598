import { z } from 'zod'
import { InvalidInputError } from '../../src/lib/errors.ts'

/** `12345:letters`. The number before the colon is the bot's own id. */
const Token = z.string().regex(/^\d{3,32}:[\w-]{8,200}$/)

const BotCredentials = z.object({
  v: z.literal(1),
  token: Token,
  /** What the platform repeats with each webhook; null while updates are fetched. */
  webhookSecret: z.string().min(8).max(256).nullable(),
})
export type BotCredentials = z.infer<typeof BotCredentials>

/** The sealed secret of an account, opened. Its content never appears in an error. */
export function readCredentials(secret: string): BotCredentials {
  const read = BotCredentials.safeParse(parsed(secret))
  if (!read.success) throw new InvalidInputError('the kept token of this Zalo bot cannot be read: connect it again')
  return read.data
}

export function writeCredentials(credentials: BotCredentials): string {
  return JSON.stringify(BotCredentials.parse(credentials))
}

export function isToken(text: string): boolean {
  return Token.safeParse(text).success
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
