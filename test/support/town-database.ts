import { randomBytes } from 'node:crypto'
import { runMigrations } from 'bullmq'
import pg from 'pg'
import { furnish } from '../../sim/settle.ts'
import type { Town } from '../../sim/town.ts'
import type { ZaloSim } from '../../sim/zalo/sim.ts'
import { bindOfficer, inviteOfficer } from '../../src/accounts/invites.ts'
import { findAccount } from '../../src/accounts/store.ts'
import { claimInstallation } from '../../src/assembly/installation.ts'
import { type Connection, type Db, openDb, openPool, transaction } from '../../src/db/client.ts'
import { migrate, migrationsFolder } from '../../src/db/migrate.ts'
import { type KeyRing, parseKeyRing } from '../../src/lib/secrets.ts'

/** Seals what the towns’ databases hold; it opens nothing anywhere else. */
export const secretKey = Buffer.alloc(32, 7).toString('base64')

/** Brings an empty database to a town at work: schema, units, sealed secrets and officers who are bound. */
export async function furnishDatabase(
  connection: Connection,
  keyRing: KeyRing,
  town: Town,
  zalo: ZaloSim,
): Promise<void> {
  const pool = openPool(connection, 'app,public', 4, () => {})
  const db = openDb(pool)
  const now = new Date()
  try {
    await migrate(pool, { folder: migrationsFolder })
    const session = await pool.connect()
    await runMigrations(session, 'bullmq')
    session.release(true)
    await claimInstallation(db, true, now)
    await furnish({ db, keyRing }, town, now)
    for (const officer of [...town.zalo.officers, town.zalo.deskOfficer]) {
      await bindTo(db, town.zalo.uid, zalo, officer, now)
    }
  } finally {
    await pool.end()
  }
}

/** The database that every run's own is cloned from; returns its name. */
export async function createTemplate(server: Connection, town: Town, zalo: ZaloSim): Promise<string> {
  const name = `danhoi_town_${randomBytes(4).toString('hex')}`
  await order(server, `create database ${name}`)
  await furnishDatabase({ ...server, database: name }, parseKeyRing(secretKey), town, zalo)
  await order(server, `alter database ${name} with is_template true allow_connections false`)
  return name
}

interface RunDatabase {
  readonly connection: Connection
  drop(): Promise<void>
}

/** A town's database of a run's own, and how to be rid of it. */
export function cloneTemplate(server: Connection, template: string): Promise<RunDatabase> {
  return createDatabase(server, template)
}

/** An empty one. */
export async function createDatabase(server: Connection, template = 'template0'): Promise<RunDatabase> {
  const name = `danhoi_run_${randomBytes(6).toString('hex')}`
  await order(server, `create database ${name} template ${template}`)
  return {
    connection: { ...server, database: name },
    drop: () => order(server, `drop database ${name} with (force)`),
  }
}

/** An officer is known by their own one-time code in the chat with this account. */
export async function bindTo(
  db: Db,
  uid: string,
  zalo: Pick<ZaloSim, 'uidOf'>,
  { person, name }: { person: string; name: string },
  now: Date,
): Promise<void> {
  const account = await findAccount(db, 'zalo', uid)
  const officer = await db.selectFrom('officers').select('id').where('displayName', '=', name).executeTakeFirstOrThrow()
  if (account === null) throw new Error(`the Zalo account ${uid} is not set up`)
  const code = await inviteOfficer(db, officer.id, now, 60_000)
  const externalId = zalo.uidOf(person, uid)
  await transaction(db, 'bind-officer', (tx) => bindOfficer(tx, { code, accountId: account.id, externalId }, now))
}

async function order(server: Connection, statement: string): Promise<void> {
  const client = new pg.Client(server)
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
