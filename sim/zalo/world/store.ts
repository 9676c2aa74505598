import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Data } from './world.ts'

/** Fills a world's data from a file, if there is one. */
export function load(data: Data, file: string): void {
  if (!existsSync(file)) return
  const kept: Record<string, unknown> = JSON.parse(readFileSync(file, 'utf8'))
  for (const [name, target] of Object.entries(data)) {
    const value = kept[name]
    if (target instanceof Map && Array.isArray(value)) for (const [key, entry] of value) target.set(key, entry)
  }
  data.lastMsgId = Math.max(data.lastMsgId, Number(kept.lastMsgId ?? 0))
  data.lastCliMsgId = Math.max(data.lastCliMsgId, Number(kept.lastCliMsgId ?? 0))
}

/** Writes a world's data whole: a reader never finds half a file. */
export function save(data: Data, file: string): void {
  const plain = Object.entries(data).map(([name, value]) => [name, value instanceof Map ? [...value] : value])
  writeFileSync(`${file}.new`, JSON.stringify(Object.fromEntries(plain)), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}
