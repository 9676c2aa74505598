import { crc32, deflateSync } from 'node:zlib'

/** A picture of so many grey pixels, which any viewer opens. */
export function png(width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.writeUInt8(8, 8) // one byte a pixel, grey
  const rows = Buffer.alloc(height * (width + 1), 0x80)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

/** The headers of a photo of that size, without its pixels; phones put kilobytes of other segments before the frame. */
export function jpeg(width: number, height: number): Buffer {
  const frame = Buffer.from('ffc0001108000000000301220002110103110100', 'hex')
  frame.writeUInt16BE(height, 5)
  frame.writeUInt16BE(width, 7)
  const exif = Buffer.concat([Buffer.from('ffe10802', 'hex'), Buffer.alloc(0x800, 0x41)])
  return Buffer.concat([Buffer.from('ffd8', 'hex'), exif, Buffer.from('ff', 'hex'), frame, Buffer.from('ffd9', 'hex')])
}

export function webp(kind: 'VP8 ' | 'VP8L' | 'VP8X', width: number, height: number): Buffer {
  const body = Buffer.alloc(20)
  if (kind === 'VP8X') {
    body.writeUIntLE(width - 1, 4, 3)
    body.writeUIntLE(height - 1, 7, 3)
  } else if (kind === 'VP8L') {
    body.writeUInt8(0x2f, 0)
    body.writeUInt32LE((((height - 1) << 14) | (width - 1)) >>> 0, 1)
  } else {
    body.writeUInt16LE(width, 6)
    body.writeUInt16LE(height, 8)
  }
  const size = Buffer.alloc(4)
  return Buffer.concat([Buffer.from('RIFF'), size, Buffer.from('WEBP'), Buffer.from(kind), size, body])
}

export const mp4 = Buffer.concat([Buffer.from('00000018', 'hex'), Buffer.from('ftypisom'), Buffer.alloc(5_000, 0x11)])
export const pdf = Buffer.from('%PDF-1.7\n1 0 obj\n<< >>\nendobj\n')
