export interface PictureSize {
  readonly width: number
  readonly height: number
}

/** Read from the picture's own headers, without decoding it; null when they are broken or of another type. */
export function pictureSize(data: Buffer, mediaType: string): PictureSize | null {
  try {
    const size = readers[mediaType]?.(data) ?? null
    return size !== null && size.width > 0 && size.height > 0 ? size : null
  } catch (error) {
    if (error instanceof RangeError) return null // it ends before its headers do
    throw error
  }
}

const readers: Readonly<Record<string, (data: Buffer) => PictureSize | null>> = {
  'image/jpeg': jpeg,
  'image/png': (data) => ({ width: data.readUInt32BE(16), height: data.readUInt32BE(20) }),
  'image/webp': webp,
}

/** Segment by segment to the one that starts a frame. */
function jpeg(data: Buffer): PictureSize | null {
  for (let at = 2; ; ) {
    if (data.readUInt8(at) !== 0xff) return null
    const marker = data.readUInt8(at + 1)
    if (marker === 0xff) at += 1
    else if (marker === 0xda || marker === 0xd9) return null
    else if (isFrame(marker)) return { height: data.readUInt16BE(at + 5), width: data.readUInt16BE(at + 7) }
    else at += 2 + Math.max(2, data.readUInt16BE(at + 2))
  }
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
}

function webp(data: Buffer): PictureSize | null {
  switch (data.subarray(12, 16).toString('latin1')) {
    case 'VP8X':
      return { width: 1 + data.readUIntLE(24, 3), height: 1 + data.readUIntLE(27, 3) }
    case 'VP8L': {
      const bits = data.readUInt32LE(21)
      return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) }
    }
    case 'VP8 ':
      return { width: data.readUInt16LE(26) & 0x3fff, height: data.readUInt16LE(28) & 0x3fff }
    default:
      return null
  }
}
