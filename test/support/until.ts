/** Polls until `probe` gives something truthy and returns that; throws with `what` once the deadline has passed. */
export async function until<T>(
  probe: () => T | Promise<T>,
  {
    timeoutMs = 30_000,
    everyMs = 20,
    what = 'the condition',
  }: { timeoutMs?: number; everyMs?: number; what?: string } = {},
): Promise<Exclude<T, null | undefined | false | 0 | ''>> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const seen = await probe()
    if (isTruthy(seen)) return seen
    if (performance.now() >= deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}

function isTruthy<T>(value: T): value is Exclude<T, null | undefined | false | 0 | ''> {
  return Boolean(value)
}
