import type pg from 'pg'

// Our advisory locks carry two numbers: this one ("dhoi"), which keeps them apart from everybody else's, and their own.
const family = 0x64686f69

/** What a session of ours can hold on a database. All are released by the server when the session ends. */
export const advisoryLocks = {
  /** Shared by everybody who works with an embedded server; alone: it is being stopped. */
  inUse: 1,
  /** Held by the running program. */
  program: 2,
  /** Held while the schema changes. */
  migrate: 3,
  /** Held while the nightly backup is made. */
  backup: 4,
  /** Held while the Pages are looked after. */
  pageWatch: 5,
} as const
export type AdvisoryLock = (typeof advisoryLocks)[keyof typeof advisoryLocks]

/** Takes the lock if it is free. */
export async function tryLock(session: pg.ClientBase, lock: AdvisoryLock): Promise<boolean> {
  return isTrue(await session.query('select pg_try_advisory_lock($1, $2) as ok', [family, lock]))
}

/** Takes the lock beside others who share it, unless somebody holds it alone. */
export async function tryShare(session: pg.ClientBase, lock: AdvisoryLock): Promise<boolean> {
  return isTrue(await session.query('select pg_try_advisory_lock_shared($1, $2) as ok', [family, lock]))
}

/** Waits until the lock is ours. */
export async function waitForLock(session: pg.ClientBase, lock: AdvisoryLock): Promise<void> {
  await session.query('select pg_advisory_lock($1, $2)', [family, lock])
}

export async function unlock(session: pg.ClientBase, lock: AdvisoryLock): Promise<void> {
  await session.query('select pg_advisory_unlock($1, $2)', [family, lock])
}

export async function unshare(session: pg.ClientBase, lock: AdvisoryLock): Promise<void> {
  await session.query('select pg_advisory_unlock_shared($1, $2)', [family, lock])
}

/** Who holds the lock: the server process of that session and the name it goes by. */
export async function lockHolder(
  session: pg.ClientBase,
  lock: AdvisoryLock,
): Promise<{ readonly pid: number; readonly name: string } | null> {
  const { rows } = await session.query<{ pid: number; name: string }>(
    `select a.pid, a.application_name as name from pg_locks l join pg_stat_activity a on a.pid = l.pid
      where l.locktype = 'advisory' and l.granted and l.classid = $1 and l.objid = $2 and l.objsubid = 2
        and l.database = (select oid from pg_database where datname = current_database())`,
    [family, lock],
  )
  return rows[0] ?? null
}

function isTrue({ rows }: pg.QueryResult<{ ok: boolean }>): boolean {
  return rows[0]?.ok === true
}
