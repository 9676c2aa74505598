import { z } from 'zod'
import { InvalidInputError } from '../../src/lib/errors.ts'

/** What an OA's row keeps sealed. Whoever holds it can write in the OA's name: it is never logged. */
export const OaCredentials = z.object({
  v: z.literal(1),
  accessToken: z.string().min(1),
  /** Good once: using it kills this pair and gives the next. */
  refreshToken: z.string().min(1),
  /** When the access token ends, in milliseconds since 1970. */
  accessUntil: z.number(),
  /** Sign the webhooks about this OA; two while one is being replaced. From the portal's webhook page. */
  webhookSecrets: z.array(z.string().min(8)).min(1),
})
export type OaCredentials = z.infer<typeof OaCredentials>

export function writeCredentials(credentials: OaCredentials): string {
  return JSON.stringify(credentials)
}

/** Names what is wrong and never what stands there. */
export function readCredentials(text: string): OaCredentials {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new InvalidInputError('expected the tokens of an Official Account as JSON, made by "danhoi zalo-oa connect"')
  }
  const read = OaCredentials.safeParse(json)
  if (read.success) return read.data
  const fields = [...new Set(read.error.issues.map(({ path }) => path.join('.') || 'v'))].join(', ')
  throw new InvalidInputError(`these are no whole tokens of an Official Account; missing or wrong: ${fields}`)
}
