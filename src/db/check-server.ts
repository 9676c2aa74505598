import type pg from 'pg'
import { RefusedError } from '../lib/errors.ts'

const Oldest = { number: 150_000, name: '15' }

/** Makes sure that the PostgreSQL behind DATABASE_URL can hold this product's data; else one sentence says what is wrong. */
export async function checkServer(client: pg.ClientBase | pg.Pool): Promise<void> {
  const { rows } = await client.query<Omit<ServerFacts, 'lower'>>(
    `select current_setting('server_version_num')::int as "versionNumber",
            current_setting('server_version') as version,
            current_setting('server_encoding') as encoding,
            current_database() as database,
            pg_is_in_recovery() as "isStandby",
            has_database_privilege(current_database(), 'CREATE') as "mayCreate"`,
  )
  const [facts] = rows
  const why = facts ? whyNot({ ...facts, lower: await lowerCase(client, facts.encoding) }) : 'it gave no answer'
  if (why) throw new RefusedError(`the database of DATABASE_URL cannot be used: ${why}`)
}

export interface ServerFacts {
  readonly versionNumber: number
  readonly version: string
  readonly encoding: string
  readonly database: string
  readonly isStandby: boolean
  readonly mayCreate: boolean
  /** What the server makes of ĐƯỜNG in lower case. */
  readonly lower: string | null
}

/** The first thing about a server that keeps us from using it, or null. */
export function whyNot({ version, database, ...facts }: ServerFacts): string | null {
  if (facts.versionNumber < Oldest.number)
    return `its PostgreSQL is ${version}; version ${Oldest.name} or later is needed`
  if (facts.encoding !== 'UTF8')
    return (
      `database "${database}" has the encoding ${facts.encoding}; Vietnamese needs UTF8: ` +
      `create it with "create database ${database} encoding 'UTF8' template template0"`
    )
  if (facts.lower !== 'đường')
    return (
      `database "${database}" does not know Vietnamese letters (lower('ĐƯỜNG') gives "${facts.lower}"): ` +
      `create it with a UTF-8 locale, such as "locale 'C.UTF-8' template template0"`
    )
  if (facts.isStandby) return 'it is a standby that accepts no writes: give the address of the primary'
  if (!facts.mayCreate) return `its user may not create schemas: "grant create on database ${database} to …"`
  return null
}

async function lowerCase(client: pg.ClientBase | pg.Pool, encoding: string): Promise<string | null> {
  if (encoding !== 'UTF8') return null // such a database could not even read the question
  const { rows } = await client.query<{ lower: string }>('select lower($1) as lower', ['ĐƯỜNG'])
  return rows[0]?.lower ?? null
}
