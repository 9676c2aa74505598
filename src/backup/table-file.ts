import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'

/** Writes rows, one JSON array a line, compressed, and safely onto the disk. */
export async function writeTable(
  path: string,
  batches: AsyncIterable<readonly string[]>,
): Promise<{ rows: number; bytes: number; sha256: string }> {
  let rows = 0
  let bytes = 0
  const hash = createHash('sha256')
  const measure = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length
      hash.update(chunk)
      done(null, chunk)
    },
  })
  const lines = async function* (): AsyncGenerator<string> {
    for await (const batch of batches) {
      rows += batch.length
      yield `${batch.join('\n')}\n`
    }
  }
  const handle = await open(path, 'wx', 0o600)
  try {
    await pipeline(Readable.from(lines(), { objectMode: true }), createGzip({ level: 4 }), measure, writer(handle))
    await handle.sync()
  } finally {
    await handle.close()
  }
  return { rows, bytes, sha256: hash.digest('hex') }
}

const batchChars = 4_000_000
const mostLines = 2_000

/** Reads them back in batches of bounded size. */
export async function* readTable(path: string): AsyncGenerator<readonly string[]> {
  let batch: string[] = []
  let chars = 0
  for await (const line of linesOf(path)) {
    batch.push(line)
    chars += line.length
    if (chars < batchChars && batch.length < mostLines) continue
    yield batch
    batch = []
    chars = 0
  }
  if (batch.length > 0) yield batch
}

/** By hand: readline would also end a line at U+2028, which people's texts contain. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  const parts: string[] = []
  const gunzip = createGunzip()
  const flow = pipeline(createReadStream(path), gunzip)
  flow.catch(() => {}) // iterating throws it, too
  const chunks: AsyncIterable<Buffer> = gunzip
  for await (const chunk of chunks) {
    const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n')
    parts.push(first)
    for (const other of others) {
      yield parts.join('')
      parts.length = 0
      parts.push(other)
    }
  }
  const last = parts.join('') + decoder.decode()
  if (last !== '') yield last
}

function writer(handle: FileHandle): (source: AsyncIterable<Buffer>) => Promise<void> {
  return async (source) => {
    for await (const chunk of source) await handle.writeFile(chunk)
  }
}
