/**
 * Text as sent, made storable: PostgreSQL refuses NUL, and JSON columns refuse half a surrogate pair
 * (an emoji cut in two). Nothing else of what a person wrote is changed.
 */
export function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed()
}

/** The form in which two texts are compared: NFC, runs of white space as one space, trimmed. */
export function comparable(text: string): string {
  return storable(text).normalize('NFC').replace(/\s+/gu, ' ').trim()
}

/** Lower case ASCII letters for matching: "Đường Hỏng" and "duong hong" fold alike. */
export function fold(text: string): string {
  return comparable(text)
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replaceAll('đ', 'd')
    .replaceAll('Đ', 'D')
    .toLowerCase()
}

/** At most `maxChars` UTF-16 units, never cutting an emoji; a cut is shown by "…". */
export function shorten(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text
  return `${text.slice(0, maxChars - 1).replace(/[\uD800-\uDBFF]$/u, '')}…`
}
