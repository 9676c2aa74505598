import { sameSecret } from '../../src/lib/secrets.ts'

/** The header in which the platform repeats the secret that it was given with the webhook. */
export const secretHeader = 'x-bot-api-secret-token'

/** Whether a webhook comes from the platform. It signs nothing: whoever knows the secret is believed. */
export function hasSecret(given: string | undefined, expected: string): boolean {
  return given !== undefined && expected !== '' && sameSecret(given, expected)
}
