/** Items of one Page that need no row, counted by the reason under which `normalise` would ignore them. */
export interface NoiseCount {
  readonly pageId: string
  readonly reason: string
  readonly count: number
}

const noisyItems = new Set(['reaction', 'like'])
const noisyMessaging = ['read', 'delivery', 'reaction']

/**
 * Reactions, likes and receipts are about 85 % of the traffic. A body of nothing else is counted and dropped at the
 * door; null means that something in it may matter, so all of it is kept. Runs on every delivery: no schemas here.
 */
export function noiseOnly(body: unknown): readonly NoiseCount[] | null {
  if (!isObject(body) || body.object !== 'page' || !Array.isArray(body.entry)) return null
  const counts = new Map<string, NoiseCount>()
  for (const entry of body.entry) {
    if (!isObject(entry) || typeof entry.id !== 'string' || entry.standby !== undefined) return null
    for (const reason of reasonsIn(entry)) {
      if (reason === null) return null
      const key = `${entry.id} ${reason}`
      counts.set(key, { pageId: entry.id, reason, count: (counts.get(key)?.count ?? 0) + 1 })
    }
  }
  return counts.size === 0 ? null : [...counts.values()]
}

function* reasonsIn(entry: Record<string, unknown>): Generator<string | null> {
  for (const [family, reasonOf] of [
    ['changes', changeReason],
    ['messaging', messagingReason],
  ] as const) {
    const items = entry[family]
    if (items === undefined) continue
    if (!Array.isArray(items)) return yield null
    for (const item of items) yield isObject(item) ? reasonOf(item) : null
  }
}

function changeReason(change: Record<string, unknown>): string | null {
  const { field, value } = change
  if (field !== 'feed' || !isObject(value)) return null
  return typeof value.item === 'string' && noisyItems.has(value.item) ? `item:${value.item}` : null
}

function messagingReason(item: Record<string, unknown>): string | null {
  const keys = Object.keys(item).filter((key) => key !== 'sender' && key !== 'recipient' && key !== 'timestamp')
  return keys.length === 1 && keys[0] !== undefined && noisyMessaging.includes(keys[0]) ? keys[0] : null
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
