import { z } from 'zod'
import { Entry } from './payload.ts'
import { label, readChange } from './read-feed.ts'
import { readMessaging, readStandby } from './read-messaging.ts'
import { ignored, type Reading, setAside } from './reading.ts'

const Envelope = z.object({ object: z.string(), entry: z.array(z.unknown()) })
const Keyed = z.record(z.string(), z.unknown())

/** The dashboard's Test button names this Page and sample ids. */
const samplePageId = '0'

type ReadItem = (pageId: string, entryTime: Date | null, raw: unknown) => Reading

const families: ReadonlyMap<string, ReadItem> = new Map<string, ReadItem>([
  ['changes', readChange],
  ['messaging', readMessaging],
  ['standby', (pageId, _time, raw) => readStandby(pageId, raw)],
])

/** Reads a parsed body: one reading an item, in the order of the payload. A broken item never costs its siblings. */
export function readBody(body: unknown): Reading[] {
  const envelope = Envelope.safeParse(body)
  const object = z.object({ object: z.string() }).safeParse(body).data?.object
  if (object !== undefined && object !== 'page') return [ignored(`object:${label(object)}`)]
  if (!envelope.success) return [ignored('malformed')]
  return envelope.data.entry.flatMap(readEntry)
}

function readEntry(raw: unknown): Reading[] {
  const keyed = Keyed.safeParse(raw)
  const entry = Entry.safeParse(raw)
  if (!keyed.success || !entry.success) return [ignored('malformed')]

  const { id: pageId = null, time = null } = entry.data
  const readings: Reading[] = []
  for (const [name, items] of Object.entries(keyed.data)) {
    const read = families.get(name)
    if (read === undefined) continue
    if (pageId === null || !Array.isArray(items)) readings.push(...unreadable(pageId, items))
    else readings.push(...items.map((item) => read(pageId, time, item)))
  }
  // An entry without items is legal; one that is nothing but a damaged id is not.
  if (readings.length === 0 && typeof keyed.data.id !== 'string') return [ignored('malformed', { pageId })]
  return pageId === samplePageId ? readings.map((reading) => setAside(reading, 'sample')) : readings
}

function unreadable(pageId: string | null, items: unknown): Reading[] {
  return Array.isArray(items) ? items.map(() => ignored('malformed', { pageId })) : [ignored('malformed', { pageId })]
}
