import { chmodSync, mkdtempSync } from 'node:fs'
import { rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import { type Connection, openPool } from '../../src/db/client.ts'
import { pgDataOf } from '../../src/db/data-dir.ts'
import { openForCommand } from '../../src/db/embedded.ts'
import { isAlive, runningServer } from '../../src/db/embedded-postmaster.ts'
import { createLog } from '../../src/lib/log.ts'
import type { Room } from './bench.ts'

const TMPFS = 0x01021994
const POOL = 16

/** A new DATA_DIR on a real disk, which goes at the end, together with a server that was left running on it. */
export async function newDataDir(room: Room): Promise<string> {
  const parent = (await isInMemory(tmpdir())) ? '/var/tmp' : tmpdir()
  const dataDir = mkdtempSync(join(parent, 'danhoi-bench-')) // at one stroke with the promise to remove it
  chmodSync(dataDir, 0o711) // as root the server's own user must pass
  room.lifecycle.add(dataDir, async () => {
    await endServer(dataDir)
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
  })
  return dataDir
}

export interface OpenStore {
  readonly connection: Connection
  readonly pool: pg.Pool
  readonly dataDir: string
  close(): Promise<void>
}

/**
 * The database of that folder, beside the program that runs on it or alone, as shipped. Refused where commits would
 * not reach the disk: every figure would be too good.
 */
export function openStore(room: Room, dataDir: string): Promise<OpenStore> {
  const opening = open(dataDir)
  // A Ctrl-C in between waits for the server that is just starting, and then stops it.
  room.lifecycle.add('store', () =>
    opening.then(
      (store) => store.close(),
      () => {},
    ),
  )
  return opening
}

async function open(dataDir: string): Promise<OpenStore> {
  const embedded = await openForCommand({ dataDir, log: createLog('silent') })
  const pool = openPool(embedded.connection, 'app,public', POOL, () => {})
  let closed: Promise<void> | null = null
  const close = (): Promise<void> => {
    closed ??= pool.end().then(() => embedded.close())
    return closed
  }
  try {
    await requireDurable(pool)
  } catch (error) {
    await close()
    throw error
  }
  return { connection: embedded.connection, pool, dataDir: embedded.dataDir, close }
}

/** The sentence to print beside a figure that depends on it. */
export const durableNote = 'fsync = on, synchronous_commit = on, full_page_writes = on (asked of the server)'

async function requireDurable(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes')`,
  )
  const off = rows.filter(({ setting }) => setting !== 'on').map(({ name, setting }) => `${name} = ${setting}`)
  if (rows.length !== 3 || off.length > 0)
    throw new Error(`the server must make commits durable, but ${off.join(', ')}`)
}

async function isInMemory(folder: string): Promise<boolean> {
  return (await statfs(folder)).type === TMPFS
}

/** Normally its program has stopped it; one that was killed has not. The demo's lies a folder deeper. */
async function endServer(dataDir: string): Promise<void> {
  for (const folder of [dataDir, join(dataDir, 'demo')]) {
    const server = await runningServer(pgDataOf(folder))
    if (server === null) continue
    process.kill(server.pid, 'SIGQUIT')
    while (isAlive(server.pid)) await wait(50)
  }
}

/** How many of Facebook's deliveries the database of that folder holds. */
export async function storedComments(room: Room, dataDir: string): Promise<number> {
  const store = await openStore(room, dataDir)
  try {
    const { rows } = await store.pool.query<{ count: string }>(
      `select count(*) from deliveries where platform = 'facebook'`,
    )
    return Number(rows[0]?.count)
  } finally {
    await store.close()
  }
}
