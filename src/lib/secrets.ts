import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { AppError, InvalidInputError } from './errors.ts'

/** Keys of 32 bytes: the first seals, all of them open, so that a key can be rotated. */
export type KeyRing = readonly [Buffer, ...Buffer[]]

export class SealBrokenError extends AppError {
  readonly code = 'seal_broken'
}

const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Parses SECRET_KEY: comma-separated base64, each 32 bytes. */
export function parseKeyRing(text: string): KeyRing {
  const [first, ...others] = text.split(',').map((part) => Buffer.from(part.trim(), 'base64'))
  if (first === undefined || [first, ...others].some((key) => key.length !== 32)) {
    throw new InvalidInputError('expected SECRET_KEY to be 32 bytes in base64, several separated by commas')
  }
  return [first, ...others]
}

/** AES-256-GCM; `purpose` is bound in, so what was sealed as one thing cannot be passed off as another. */
export function seal(ring: KeyRing, purpose: string, plain: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', derive(ring[0], purpose), nonce)
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body])
}

/** Opens with whichever key of the ring fits; throws SealBrokenError when none does. */
export function open(ring: KeyRing, purpose: string, sealed: Buffer): string {
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES)
  const tag = sealed.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES)
  const body = sealed.subarray(1 + NONCE_BYTES + TAG_BYTES)
  for (const key of ring) {
    try {
      // Without the length a tag cut to four bytes would do, and four bytes can be guessed.
      const decipher = createDecipheriv('aes-256-gcm', derive(key, purpose), nonce, { authTagLength: TAG_BYTES })
      decipher.setAuthTag(tag)
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
    } catch {
      // The tag does not fit this key: the next one may have sealed it.
    }
  }
  throw new SealBrokenError(`a sealed ${purpose} cannot be opened with the present SECRET_KEY`)
}

function derive(key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `danhoi/${purpose}`, 32))
}

/** Equality that takes the same time wherever the texts differ. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b))
}

export function sha256(data: string | Buffer): Buffer {
  return hash('sha256', data, 'buffer')
}
