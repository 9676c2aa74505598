import { type SealKind, sealEvent } from './crypto.ts'

declare global {
  interface JSON {
    rawJSON(text: string): unknown
  }
}

/** Every command of the socket the simulator speaks. */
export const cmd = {
  cipherKey: 1,
  ping: 2,
  direct: 501,
  directSeen: 502,
  oldDirect: 510,
  group: 521,
  groupSeen: 522,
  oldGroup: 511,
  unknown: 551,
  control: 601,
  typing: 602,
  oldDirectReactions: 610,
  oldGroupReactions: 611,
  reaction: 612,
  evicted: 3000,
} as const

export interface Frame {
  version: number
  cmd: number
  sub: number
  body: string
}

/** Four bytes of header (version, little-endian command, sub-command), then UTF-8 JSON. */
export function encodeFrame(command: number, sub: number, body: string): Buffer {
  const header = Buffer.alloc(4)
  header.writeUInt8(1, 0)
  header.writeUInt16LE(command, 1)
  header.writeUInt8(sub, 3)
  return Buffer.concat([header, Buffer.from(body, 'utf8')])
}

/** Null when there is not even a header. */
export function decodeFrame(bytes: Buffer): Frame | null {
  if (bytes.length < 4) return null
  return {
    version: bytes.readUInt8(0),
    cmd: bytes.readUInt16LE(1),
    sub: bytes.readUInt8(3),
    body: bytes.subarray(4).toString('utf8'),
  }
}

/** A frame whose body is sealed under the key greeted with. */
export function sealedFrame(command: number, sub: number, json: string, kind: SealKind, key: Buffer): Buffer {
  return encodeFrame(command, sub, JSON.stringify({ encrypt: kind, data: sealEvent(kind, key, json) }))
}

/** A 19-digit id as a bare number in the JSON text, as Zalo writes some of them; a JavaScript number would lose digits. */
export function bareInteger(digits: string): unknown {
  if (!/^-?\d+$/.test(digits)) throw new Error(`expected digits, got "${digits}"`)
  return JSON.rawJSON(digits)
}
