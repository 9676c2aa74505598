import { comparable, shorten } from '../lib/text.ts'

/** Something a resident attached, as it is put to officers. */
export interface SpokenAttachment {
  readonly kind: string
  readonly name: string | null
  /** Null: not known yet. */
  readonly bytes: number | null
  /** It comes as a picture of its own after this text. */
  readonly follows: boolean
}

const MAX_LINES = 6
const MAX_NAME_CHARS = 60
const kinds: Readonly<Record<string, string>> = {
  photo: 'ảnh',
  video: 'video',
  voice: 'tin thoại',
  animation: 'ảnh động',
  file: 'tệp',
  link: 'liên kết',
  place: 'vị trí',
}

/** Where somebody can see what cannot be shown in the officers' chat. */
export function whereToLook(platform: string, place: string): string {
  if (platform === 'facebook') return place === 'direct' ? 'trong hộp thư của trang Facebook' : 'trên Facebook'
  return place === 'group' ? 'trong nhóm Zalo' : 'trên Zalo của đơn vị'
}

/** What is attached, a line a thing: pictures that follow are counted, a sticker is a word, the rest says where to look. */
export function attachmentLines(attachments: readonly SpokenAttachment[], where: string): string[] {
  const following = attachments.filter(({ follows }) => follows).length
  const stickers = attachments.filter(({ kind }) => kind === 'sticker').length
  const others = attachments.filter(({ kind, follows }) => !follows && kind !== 'sticker')
  const named = others.length > MAX_LINES ? others.slice(0, MAX_LINES - 1) : others
  return [
    ...(following === 0 ? [] : [`🖼 ${following} ảnh, gửi ngay sau tin này.`]),
    ...(stickers === 0 ? [] : [stickers === 1 ? '[nhãn dán]' : `[${stickers} nhãn dán]`]),
    ...named.map((one) => `📎 ${nameOf(one)}, xem ${where}`),
    ...(named.length === others.length ? [] : [`📎 và ${others.length - named.length} tệp khác, xem ${where}`]),
  ]
}

/** Neither words nor anything attached could be had. */
export function nothingToRead(where: string): string {
  return `Chưa lấy được nội dung, xin mở ${where} để xem.`
}

/** Stands under a picture in the officers' chat; each of a case reads differently. */
export function pictureCaption(code: string, number: number): string {
  return `${code} · ảnh ${number}`
}

export function pictureMissing(code: string, number: number, bytes: number | null, where: string): string {
  const size = bytes === null ? '' : ` (${sizeOf(bytes)})`
  return `📎 ${code} · ảnh ${number}${size} không gửi được vào đây, xin xem ${where}.`
}

function nameOf({ kind, name, bytes }: SpokenAttachment): string {
  const called = name === null ? '' : ` “${shorten(comparable(name), MAX_NAME_CHARS)}”`
  return `${kinds[kind] ?? 'đính kèm'}${called}${bytes === null ? '' : ` ${sizeOf(bytes)}`}`
}

/** "0,3 MB", "12 MB": what a person compares with a phone's data plan. */
function sizeOf(bytes: number): string {
  const megabytes = bytes / 1_000_000
  const rounded = megabytes < 10 ? Math.max(0.1, Math.round(megabytes * 10) / 10) : Math.round(megabytes)
  return `${String(rounded).replace('.', ',')} MB`
}
