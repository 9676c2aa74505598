import { createHash } from 'node:crypto'
import { crc32, deflateSync } from 'node:zlib'

const modules = 25
const scale = 8
const quiet = 3

/** A picture that looks like a QR code; it cannot be scanned, accepting is a command. */
export function drawCode(text: string): Buffer {
  const side = (modules + 2 * quiet) * scale
  const rows: Buffer[] = []
  for (let y = 0; y < side; y += 1) {
    const row = Buffer.alloc(1 + side, 255)
    row[0] = 0
    for (let x = 0; x < side; x += 1) if (isDark(text, cell(x), cell(y))) row[1 + x] = 0
    rows.push(row)
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.writeUInt8(8, 8)
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  const data = deflateSync(Buffer.concat(rows))
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))])
}

function cell(pixel: number): number {
  return Math.floor(pixel / scale) - quiet
}

function isDark(text: string, x: number, y: number): boolean {
  if (x < 0 || y < 0 || x >= modules || y >= modules) return false
  for (const [left, top] of [
    [0, 0],
    [modules - 7, 0],
    [0, modules - 7],
  ] as const) {
    const dx = x - left
    const dy = y - top
    if (dx >= -1 && dx <= 7 && dy >= -1 && dy <= 7) {
      const ring = Math.max(Math.abs(dx - 3), Math.abs(dy - 3))
      return ring === 3 || ring <= 1
    }
  }
  const bit = x * modules + y
  const hash = createHash('md5')
    .update(`${text} ${bit >> 7}`)
    .digest()
  return ((hash[(bit >> 3) & 15] ?? 0) >> (bit & 7)) % 2 === 1
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, check])
}
