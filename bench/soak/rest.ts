import type { Db } from '../../src/db/client.ts'
import type { Child } from '../../test/support/child.ts'
import { until } from '../../test/support/until.ts'
import { standing, underway } from './ledger.ts'

/** A bound for what hangs; nothing in a run depends on how fast it is. */
const patienceMs = 120_000

/**
 * Waits until nothing moves any more and `isDone` holds, or until the product has ended; says which. Throws with what
 * is still under way and the product's last words.
 */
export async function rest(
  child: Child,
  db: Db,
  isDone: (db: Db) => Promise<boolean>,
  timeoutMs = patienceMs,
  everyMs = 50,
): Promise<'at rest' | 'ended'> {
  if (!(await child.started)) return 'ended' // what rests already rests without it
  let moving: readonly string[] = []
  const look = async (): Promise<'at rest' | 'ended' | null> => {
    if (child.end !== null) return 'ended'
    moving = await underway(db)
    return moving.length === 0 && (await isDone(db)) ? 'at rest' : null
  }
  try {
    return await until(look, { timeoutMs, everyMs })
  } catch (error) {
    const what = moving.join(', ') || `it rests too early, with ${(await standing(db)).join(', ')}`
    throw new Error(`the product did not come to rest: ${what}\n${lastWords(child)}`, { cause: error })
  }
}

export function lastWords(child: Child, lines = 60): string {
  return child.lastLines().slice(-lines).join('\n')
}

/** Whether so many cases exist, all of them answered where their question stands. */
export function casesPublished(amount: number): (db: Db) => Promise<boolean> {
  return casesAre('published', amount)
}

/** Whether so many cases exist, and all of them stand there. */
export function casesAre(wanted: string, amount: number): (db: Db) => Promise<boolean> {
  return async (db) => {
    const cases = await db.selectFrom('cases').select('status').execute()
    return cases.length >= amount && cases.every(({ status }) => status === wanted)
  }
}
