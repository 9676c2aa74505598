import { createHash } from 'node:crypto'

/** `X-ZEvent-Signature`: SHA-256 over the four strung together. Not an HMAC, though many believe so. */
export function mac(appId: string, body: string, timestamp: string, secretKey: string): string {
  return createHash('sha256').update(`${appId}${body}${timestamp}${secretKey}`).digest('hex')
}

/** The S256 challenge of a PKCE verifier. */
export function pkceChallenge(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}
