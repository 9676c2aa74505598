import type { FacebookSim } from '../../sim/facebook/simulator.ts'

/** Until so many replies stand in public. Called before the first of them can be written. */
export async function replied({ follow }: Pick<FacebookSim, 'follow'>, replies: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let seen = 0
  const unfollow = follow((entry) => {
    if (entry.kind === 'public' && entry.what === 'comment') seen += 1
    if (seen === replies) resolve()
  })
  await promise.finally(unfollow)
}
