import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../db/client.ts'
import { vietnamMoment } from '../lib/clock.ts'
import type { UnitId } from '../lib/ids.ts'
import type { PublishingMode } from '../publishing/mode.ts'
import { listModes, type SaidMode } from '../publishing/modes.ts'
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
  const modes = await listModes(db)
  const freezes = await collectFreezes(db)
  return SetupFile.parse({
    ...modeIn(modes, ({ scope }) => scope === 'installation'),
    units: units.map(({ id, code, name, kind, signature, validFrom, parent }) => ({
      code,
      name,
      kind,
      signature,
      validFrom,
      ...(parent === null ? {} : { parent }),
      ...modeIn(modes, ({ unitId }) => unitId === id),
    })),
    officers: await collectOfficers(db),
    accounts: await collectAccounts(db, (id) => codeOf.get(id), modes),
    rules: (await listRules(db)).map(({ name, conditions, action }) => ({ name, when: conditions, assign: action })),
    ...(freezes.length === 0 ? {} : { freezes }),
  })
}

function modeIn(modes: readonly SaidMode[], isIt: (said: SaidMode) => boolean): { mode?: PublishingMode } {
  const said = modes.find(isIt)
  return said === undefined ? {} : { mode: said.mode }
}

async function collectFreezes(db: Db): Promise<object[]> {
  const freezes = await db
    .selectFrom('freezes')
    .leftJoin('units', 'units.id', 'freezes.unitId')
    .select(['units.code', 'startsAt', 'endsAt', 'reason'])
    .orderBy('startsAt')
    .orderBy('endsAt')
    .execute()
  return freezes.map(({ code, startsAt, endsAt, reason }) => ({
    ...(code === null ? {} : { unit: code }),
    from: vietnamMoment(startsAt),
    to: vietnamMoment(endsAt),
    reason,
  }))
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

async function collectAccounts(
  db: Db,
  codeOf: (id: UnitId) => string | undefined,
  modes: readonly SaidMode[],
): Promise<object[]> {
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
    ...modeIn(modes, ({ accountId }) => accountId === id),
    groups: groups
      .filter((group) => group.accountId === id)
      .map((group) => ({
        id: group.externalId,
        name: group.name,
        unit: codeOf(group.unitId),
        audience: group.audience,
        listen: group.listen,
        ...(group.keywords.length === 0 ? {} : { keywords: group.keywords }),
        ...modeIn(modes, ({ groupId }) => groupId === group.id),
      })),
  }))
}

/** Read as a Date, a day would be midnight where this process believes to be: in Viet Nam still yesterday in UTC. */
function day(column: string): RawBuilder<string | null> {
  return sql<string | null>`to_char(${sql.ref(column)}, 'YYYY-MM-DD')`
}
