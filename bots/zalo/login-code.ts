import { createDecipheriv, createHash } from 'node:crypto'

/**
 * The error code inside the sealed answer of getLoginInfo. The library opens that answer and throws the code away, so a
 * dead session (102) and a locked account look alike; the key follows from what the request itself carried.
 */
export function sealedLoginCode(query: URLSearchParams, sealed: unknown): number | null {
  if (typeof sealed !== 'string') return null
  const key = loginKey(query.get('zcid') ?? '', query.get('zcid_ext') ?? '')
  try {
    const decipher = createDecipheriv('aes-256-cbc', key, Buffer.alloc(16))
    const bytes = Buffer.from(decodeURIComponent(sealed), 'base64')
    const inner: unknown = JSON.parse(Buffer.concat([decipher.update(bytes), decipher.final()]).toString('utf8'))
    if (typeof inner !== 'object' || inner === null || !('error_code' in inner)) return null
    return typeof inner.error_code === 'number' ? inner.error_code : null
  } catch {
    return null // sealed in a way we do not know: then the library will not read it either
  }
}

/** 32 characters out of both ids, as Zalo Web puts them together. */
function loginKey(zcid: string, zcidExt: string): Buffer {
  const digest = createHash('md5').update(zcidExt).digest('hex').toUpperCase()
  const every2nd = (text: string, from: 0 | 1): string[] => [...text].filter((_, index) => index % 2 === from)
  return Buffer.from(
    [
      ...every2nd(digest, 0).slice(0, 8),
      ...every2nd(zcid, 0).slice(0, 12),
      ...every2nd(zcid, 1).reverse().slice(0, 12),
    ].join(''),
  )
}
