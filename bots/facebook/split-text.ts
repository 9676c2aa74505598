/** Splits a text for a platform's limit: between paragraphs, else between lines, else between words, else anywhere. */
export function splitText(text: string, maxChars: number): string[] {
  const parts: string[] = []
  let rest = text.trim()
  while (rest.length > maxChars) {
    const cut = cutAt(rest, maxChars)
    parts.push(rest.slice(0, cut).trimEnd())
    rest = rest.slice(cut).trimStart()
  }
  return [...parts, rest]
}

function cutAt(text: string, maxChars: number): number {
  for (const gap of ['\n\n', '\n', ' ']) {
    const at = text.lastIndexOf(gap, maxChars)
    if (at > maxChars / 2) return at
  }
  return /[\uD800-\uDBFF]/.test(text.charAt(maxChars - 1)) ? maxChars - 1 : maxChars // never inside an emoji
}
