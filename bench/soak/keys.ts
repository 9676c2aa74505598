/** States of a row whose effect stands there by the ledger's word. */
export const out: ReadonlySet<string> = new Set(['sent', 'confirmed'])
/** States that a row does not rest in. */
export const underway: ReadonlySet<string> = new Set(['sending', 'unknown'])

export function keyOf({ platform, account }: { platform: string; account: string }, id: string): string {
  return `${platform} ${account} ${id}`
}

export function countBy<T>(items: readonly T[], key: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1)
  return counts
}
