/** A parsed `fields=` value: name → what is wanted inside it and its own arguments. */
export type Fields = Map<string, { args: Record<string, string>; inner: Fields | null }>

/** Reads `id,from{name},messages.limit(5){id,message}`. */
export function parseFields(source: string): Fields {
  const reader = { source, at: 0 }
  return readList(reader)
}

/** Keeps the wanted keys of a node, plus `id`, which Graph always sends; unknown and absent ones are left out. */
export function pick(node: Record<string, unknown>, fields: Fields): Record<string, unknown> {
  const picked: Record<string, unknown> = {}
  for (const [name, { inner }] of fields) {
    const value = node[name]
    if (value === undefined) continue
    picked[name] =
      inner && typeof value === 'object' && value !== null
        ? pick(Object.fromEntries(Object.entries(value)), inner)
        : value
  }
  if (node.id !== undefined) picked.id = node.id
  return picked
}

type Reader = { source: string; at: number }

function readList(reader: Reader): Fields {
  const fields: Fields = new Map()
  for (;;) {
    const name = readWhile(reader, /[a-z0-9_]/iu)
    const args: Record<string, string> = {}
    while (peek(reader) === '.') {
      reader.at += 1
      const arg = readWhile(reader, /[a-z_]/iu)
      reader.at += 1 // (
      args[arg] = readWhile(reader, /[^)]/u)
      reader.at += 1 // )
    }
    let inner: Fields | null = null
    if (peek(reader) === '{') {
      reader.at += 1
      inner = readList(reader)
      reader.at += 1 // }
    }
    if (name !== '') fields.set(name, { args, inner })
    if (peek(reader) !== ',') return fields
    reader.at += 1
  }
}

function readWhile(reader: Reader, allowed: RegExp): string {
  const start = reader.at
  while (reader.at < reader.source.length && allowed.test(peek(reader))) reader.at += 1
  return reader.source.slice(start, reader.at)
}

function peek(reader: Reader): string {
  return reader.source[reader.at] ?? ''
}
