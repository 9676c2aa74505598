/** What the first bytes of a file say it is, whatever its name or its server say. */
export interface Sniffed {
  readonly mediaType: string
  /** Officers' chats show it. */
  readonly isPicture: boolean
}

/** So many bytes are enough to tell. */
export const headBytes = 4_096

/** Null: none of the kinds that are kept (a program, a page, an archive …). */
export function sniff(head: Buffer): Sniffed | null {
  const found = signatures.find(({ matches }) => matches(head))
  return found === undefined ? null : { mediaType: found.mediaType, isPicture: pictures.has(found.mediaType) }
}

/** The ending with which a picture of this type is sent; null for what is no picture. */
export function pictureEnding(mediaType: string): string | null {
  return pictures.get(mediaType) ?? null
}

const pictures: ReadonlyMap<string, string> = new Map([
  ['image/jpeg', 'jpg'],
  ['image/png', 'png'],
  ['image/webp', 'webp'],
])

type Matches = (head: Buffer) => boolean

const starts =
  (hex: string, at = 0): Matches =>
  (head) =>
    head.subarray(at, at + hex.length / 2).toString('hex') === hex
const says =
  (text: string, at = 0): Matches =>
  (head) =>
    head.subarray(at, at + text.length).toString('latin1') === text
const all =
  (...tests: readonly Matches[]): Matches =>
  (head) =>
    tests.every((test) => test(head))
/** `ftyp` with one of these brands. */
const brand =
  (...brands: readonly string[]): Matches =>
  (head) =>
    says('ftyp', 4)(head) && brands.includes(head.subarray(8, 12).toString('latin1').trimEnd())

const signatures: readonly { readonly mediaType: string; readonly matches: Matches }[] = [
  { mediaType: 'image/jpeg', matches: starts('ffd8ff') },
  { mediaType: 'image/png', matches: starts('89504e470d0a1a0a') },
  { mediaType: 'image/webp', matches: all(says('RIFF'), says('WEBP', 8)) },
  { mediaType: 'image/gif', matches: (head) => says('GIF87a')(head) || says('GIF89a')(head) },
  { mediaType: 'image/heic', matches: brand('heic', 'heix', 'hevc', 'mif1', 'msf1', 'heim', 'heis') },
  { mediaType: 'image/avif', matches: brand('avif', 'avis') },
  { mediaType: 'audio/mp4', matches: brand('M4A', 'M4B') },
  { mediaType: 'video/quicktime', matches: brand('qt') },
  { mediaType: 'video/mp4', matches: says('ftyp', 4) },
  { mediaType: 'video/webm', matches: starts('1a45dfa3') },
  { mediaType: 'audio/wav', matches: all(says('RIFF'), says('WAVE', 8)) },
  { mediaType: 'audio/ogg', matches: says('OggS') },
  { mediaType: 'audio/amr', matches: says('#!AMR') },
  { mediaType: 'audio/mpeg', matches: isMpegAudio },
  { mediaType: 'application/pdf', matches: says('%PDF-') },
  { mediaType: 'application/msword', matches: starts('d0cf11e0a1b11ae1') },
  { mediaType: 'application/vnd.openxmlformats-officedocument', matches: isOfficeArchive },
]

/** MP3 with or without a tag, and AAC frames: eleven or more bits set. */
function isMpegAudio(head: Buffer): boolean {
  return says('ID3')(head) || (head[0] === 0xff && ((head[1] ?? 0) & 0xe0) === 0xe0 && ((head[1] ?? 0) & 0x06) !== 0x06)
}

/** A document of Word, Excel or PowerPoint is an archive, told from any other by the name of its first entry. */
function isOfficeArchive(head: Buffer): boolean {
  if (!starts('504b0304')(head) || head.length < 30) return false
  const name = head.subarray(30, 30 + head.readUInt16LE(26)).toString('latin1')
  return /^(\[Content_Types\]\.xml$|_rels\/|docProps\/|word\/|xl\/|ppt\/)/.test(name)
}
