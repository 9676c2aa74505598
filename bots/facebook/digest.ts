import { createHash } from 'node:crypto'

/** A short name for a text inside a dedupe key; equal for texts that differ only in how accents are composed. */
export function digest(text: string | null): string {
  return createHash('sha256')
    .update((text ?? '').normalize('NFC'))
    .digest('base64url')
    .slice(0, 22)
}
