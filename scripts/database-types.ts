import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely'
import { generate, PostgresDialect as PostgresGenerator, RawExpressionNode } from 'kysely-codegen'
import pg from 'pg'
import { migrate, migrationsFolder } from '../src/db/migrate.ts'
import { startThrowaway } from '../src/db/throwaway.ts'

/** Tables whose `id` has a type of its own in src/lib/ids.ts; what references them gets the same type. */
const idTypes: Readonly<Record<string, string>> = {
  units: 'UnitId',
  officers: 'OfficerId',
  accounts: 'AccountId',
  deliveries: 'DeliveryId',
  events: 'EventId',
  cases: 'CaseId',
  files: 'FileId',
  outbox: 'OutboxId',
  answers: 'AnswerId',
  routing_rules: 'RuleId',
}

/** Columns that carry such an id without a reference that the database keeps: what they name may be gone. */
const unkept: Readonly<Record<string, string>> = {
  'events.delivery_id': 'deliveries',
  'cases.rule_id': 'routing_rules',
}

/** The table types for Kysely, from a throwaway database that all migrations were applied to. */
export async function databaseTypes(): Promise<string> {
  const server = await startThrowaway()
  const pool = new pg.Pool({ ...server.connection, max: 2 })
  try {
    await migrate(pool, { folder: migrationsFolder })
    const columns = await idColumns(pool)
    const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }), plugins: [new CamelCasePlugin()] })
    const text = await generate({
      db,
      dialect: new PostgresGenerator({ defaultSchemas: ['app'] }),
      camelCase: true,
      defaultSchemas: ['app'],
      includePattern: 'app.*',
      excludePattern: 'app.schema_migrations',
      // nodes, since it would read strings with the JavaScript API of TypeScript, which version 7 does not have
      overrides: {
        columns: Object.fromEntries(Object.entries(columns).map(([name, type]) => [name, new RawExpressionNode(type)])),
      },
      outFile: null,
    })
    return withImports(text, Object.values(columns))
  } finally {
    await pool.end()
    await server.close()
  }
}

/** `table.column` → type of the id in it. */
async function idColumns(pool: pg.Pool): Promise<Record<string, string>> {
  const { rows } = await pool.query<{ table: string; column: string; target: string }>(
    `select c.relname as table, a.attname as column, coalesce(t.relname, c.relname) as target
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       left join pg_constraint k on k.conrelid = c.oid and k.contype = 'f' and k.conkey = array[a.attnum]
       left join pg_class t on t.oid = k.confrelid
      where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p')
        and (k.oid is not null or a.attname = 'id' or c.relname || '.' || a.attname = any($1))
      order by c.relname, a.attnum`,
    [Object.keys(unkept)],
  )
  const columns: Record<string, string> = {}
  for (const { table, column, target } of rows) {
    const name = `${table}.${column}`
    const type = idTypes[unkept[name] ?? target]
    if (type) columns[name] = type
  }
  return columns
}

function withImports(text: string, types: readonly string[]): string {
  const names = [...new Set(types)].toSorted()
  if (names.length === 0) return text
  const line = `import type { ${names.join(', ')} } from "../lib/ids.ts";`
  return text.replace(/^(import .* from "kysely";)$/m, `$1\n${line}`)
}
