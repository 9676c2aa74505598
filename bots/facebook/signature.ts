import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

/**
 * Is `X-Hub-Signature-256` made over exactly these bytes with one of the app's secrets? During a rotation two are valid.
 * Only the bytes as received will do: what Facebook signs is its own escaped form, which no re-serialising restores.
 */
export function isSigned(rawBody: Buffer, header: string | undefined, secrets: readonly string[]): boolean {
  // The form first: bad hex decodes to fewer bytes without a complaint, and unequal lengths throw.
  const hex = /^sha256=([0-9a-f]{64})$/i.exec(header ?? '')?.[1]
  return hex !== undefined && matchesOne(Buffer.from(hex, 'hex'), rawBody, secrets)
}

const SignedRequest = z.object({
  algorithm: z.literal('HMAC-SHA256'),
  user_id: z.string().min(1),
  issued_at: z.number().optional(),
})

/** Who asks for deauthorisation or data deletion, or null when the request is not Facebook's. */
export function readSignedRequest(signedRequest: string, secrets: readonly string[]): { userId: string } | null {
  const [, signature, payload, padding] = /^([\w-]{43})=?\.([\w-]+)(={0,2})$/.exec(signedRequest) ?? []
  if (signature === undefined || payload === undefined) return null
  // The digest is over the encoded payload; padding may have been put on before or after signing.
  const isGenuine = [payload, `${payload}${padding}`].some((signed) =>
    matchesOne(Buffer.from(signature, 'base64url'), Buffer.from(signed), secrets),
  )
  if (!isGenuine) return null
  const request = SignedRequest.safeParse(parseJson(Buffer.from(payload, 'base64url').toString('utf8')))
  return request.success ? { userId: request.data.user_id } : null
}

/** `appsecret_proof`: shows with every call that the token is used by the app it was issued to. */
export function appSecretProof(token: string, appSecret: string): string {
  return createHmac('sha256', appSecret).update(token).digest('hex')
}

function matchesOne(signature: Buffer, signed: Buffer, secrets: readonly string[]): boolean {
  return secrets.some((secret) => {
    const expected = createHmac('sha256', secret).update(signed).digest()
    return signature.length === expected.length && timingSafeEqual(signature, expected)
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
