import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { deflateSync } from 'node:zlib'

/** How the body of a socket event is sealed: 0 plain, 1 deflated, 2 deflated and AES-GCM (the usual one), 3 AES-GCM. */
export type SealKind = 0 | 1 | 2 | 3

const zeroIv = Buffer.alloc(16)
const zcidKey = '3FC4F0D2AB50057BCE0D90D9187A22B1'

/** AES-CBC with the zero vector; 16, 24 or 32 bytes of key choose the cipher. */
export function aesSeal(key: Buffer, text: string): Buffer {
  const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, zeroIv)
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
}

/** The reverse of aesSeal; throws when the key is not the one it was sealed with. */
export function aesOpen(key: Buffer, sealed: Buffer): string {
  const decipher = createDecipheriv(`aes-${key.length * 8}-cbc`, key, zeroIv)
  return Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8')
}

/** The device mark a client makes of its imei and the time it was first started. */
export function makeZcid(imei: string, ms: number, type = 30): string {
  return aesSeal(Buffer.from(zcidKey), `${type},${imei},${ms}`).toString('hex').toUpperCase()
}

/** Reads the imei out of a zcid; null when it was not made by a client. */
export function imeiOfZcid(zcid: string): string | null {
  try {
    const [, imei] = /^\d+,(.*),\d+$/s.exec(aesOpen(Buffer.from(zcidKey), Buffer.from(zcid, 'hex'))) ?? []
    return imei ?? null
  } catch {
    return null
  }
}

/** The key of getLoginInfo: used as 32 ASCII bytes, never hex-decoded. */
export function loginKey(zcid: string, zcidExt: string): Buffer {
  const m = md5(zcidExt).toUpperCase()
  const oddReversed = everySecond(zcid, 1).split('').reverse().join('')
  return Buffer.from(everySecond(m, 0).slice(0, 8) + everySecond(zcid, 0).slice(0, 12) + oddReversed.slice(0, 12))
}

/** MD5 over the values of the parameters in the order of their names. */
export function signKey(name: string, params: Record<string, string>): string {
  const values = Object.keys(params)
    .sort()
    .map((key) => params[key])
  return md5(`zsecure${name}${values.join('')}`)
}

/** The `data` of a socket event. The vector and the associated data are parameters so that known answers can be checked. */
export function sealEvent(
  kind: SealKind,
  key: Buffer,
  json: string,
  iv: Buffer = randomBytes(16),
  aad: Buffer = randomBytes(16),
): string {
  if (kind === 0) return json
  if (kind === 1) return deflateSync(json).toString('base64')
  const plain = kind === 2 ? deflateSync(json) : Buffer.from(json, 'utf8')
  const cipher = createCipheriv(`aes-${(key.length * 8) as 128 | 192 | 256}-gcm`, key, iv).setAAD(aad)
  const sealed = Buffer.concat([iv, aad, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  return encodeURIComponent(sealed.toString('base64'))
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}

function everySecond(text: string, from: 0 | 1): string {
  return [...text].filter((_, at) => at % 2 === from).join('')
}
