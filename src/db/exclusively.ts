import { type AdvisoryLock, tryLock } from './advisory-lock.ts'
import type { Connection } from './client.ts'
import { openSession } from './program-lock.ts'

/** Does the work unless another process of this database is doing it already: then null. */
export async function exclusively<T>(
  connection: Connection,
  lock: AdvisoryLock,
  work: () => Promise<T>,
): Promise<T | null> {
  const session = await openSession(connection, `danhoi lock ${process.pid}`)
  try {
    return (await tryLock(session, lock)) ? await work() : null
  } finally {
    await session.end()
  }
}
