/** The middle value; with an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle]
  if (upper === undefined) throw new RangeError('expected at least one value')
  const lower = sorted[middle - 1] ?? upper
  return sorted.length % 2 === 1 ? upper : (lower + upper) / 2
}

/** The smallest value that is not below `share` (0 to 1) of all values. */
export function percentile(values: readonly number[], share: number): number {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`expected a share from 0 to 1, got ${share}`)
  const sorted = values.toSorted((a, b) => a - b)
  const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
  if (found === undefined) throw new RangeError('expected at least one value')
  return found
}

/**
 * How `measured` compares with `reference`, block by block: what disturbs the machine for a while disturbs both blocks
 * of a round, so it leaves their quotient alone. Returns the median quotient and the outermost ones.
 */
export function pairedRatio(
  measured: readonly number[],
  reference: readonly number[],
): { readonly median: number; readonly least: number; readonly most: number } {
  if (measured.length !== reference.length) {
    throw new RangeError(`expected as many blocks on both sides, got ${measured.length} and ${reference.length}`)
  }
  const ratios = measured.map((value, round) => value / (reference[round] ?? Number.NaN))
  return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) }
}
