import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../db/client.ts'
import type { UnitId } from '../lib/ids.ts'
import { listRules } from '../routing/store.ts'
import { SetupFile } from './setup-file.ts'

/** The setup of this database in the words of a setup file. Importing it again changes nothing. */
export async function collectSetup(db: Db): Promise<SetupFile> {
  const units = await db
    .selectFrom('units')
    .leftJoin('units as parents', 'parents.id', 'units.parentId')
    .select([
      'units.id',
      'units.code',
      'units.name',
      'units.kind',
      'units.signature',
      day('units.valid_from').as('validFrom'),
      'parents.code as parent',
    ])
    .orderBy('units.code')
    .execute()
  const codeOf = new Map(units.map((unit) => [unit.id, unit.code]))
  return SetupFile.parse({
    units: units.map(({ code, name, kind, signature, validFrom, parent }) => ({
      code,
      name,
      kind,
      signature,
      validFrom,
      ...(parent === null ? {} : { parent }),
    })),
    officers: await collectOfficers(db),
    accounts: await collectAccounts(db, (id) => codeOf.get(id)),
    rules: (await listRules(db)).map(({ name, conditions, action }) => ({ name, when: conditions, assign: action })),
  })
}

async function collectOfficers(db: Db): Promise<object[]> {
  const officers = await db.selectFrom('officers').select(['id', 'displayName']).orderBy('displayName').execute()
  const duties = await db
    .selectFrom('duties')
    .innerJoin('units', 'units.id', 'duties.unitId')
    .select([
      'duties.officerId',
      'duties.duty',
      day('duties.valid_from').as('validFrom'),
      day('duties.valid_to').as('validTo'),
      'units.code',
    ])
    .orderBy('units.code')
    .orderBy('duties.duty')
    .execute()
  return officers.map(({ id, displayName }) => ({
    name: displayName,
    duties: duties
      .filter((duty) => duty.officerId === id)
      .map(({ code, duty, validFrom, validTo }) => ({
        unit: code,
        duty,
        from: validFrom,
        ...(validTo === null ? {} : { to: validTo }),
      })),
  }))
}

async function collectAccounts(db: Db, codeOf: (id: UnitId) => string | undefined): Promise<object[]> {
  const accounts = await db
    .selectFrom('accounts')
    .select(['id', 'platform', 'externalId', 'name', 'unitId'])
    .orderBy('externalId')
    .execute()
  const groups = await db.selectFrom('groups').selectAll().orderBy('externalId').execute()
  return accounts.map(({ id, platform, externalId, name, unitId }) => ({
    platform,
    id: externalId,
    name,
    unit: codeOf(unitId),
    groups: groups
      .filter((group) => group.accountId === id)
      .map((group) => ({
        id: group.externalId,
        name: group.name,
        unit: codeOf(group.unitId),
        audience: group.audience,
        listen: group.listen,
      })),
  }))
}

/** Read as a Date, a day would be midnight where this process believes to be: in Viet Nam still yesterday in UTC. */
function day(column: string): RawBuilder<string | null> {
  return sql<string | null>`to_char(${sql.ref(column)}, 'YYYY-MM-DD')`
}
