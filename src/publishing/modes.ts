import { sql } from 'kysely'
import type { Db, Tx } from '../db/client.ts'
import type { Place } from '../intake/event.ts'
import { type AccountId, type UnitId, UnitId as UnitIdSchema } from '../lib/ids.ts'
import { type Actor, recordChange, type Scope } from './change.ts'
import { closeGate } from './gate.ts'
import { effectiveMode, ModeScope, modeOfNewAccount, PublishingMode } from './mode.ts'

/** Where a message would leave from, in whose name, and where it would stand. */
export interface Whereabouts {
  readonly accountId: AccountId
  readonly unitId: UnitId
  readonly place: Place
}

/** The mode that holds for a message at this moment. */
export async function modeOf(db: Db | Tx, { accountId, unitId, place }: Whereabouts): Promise<PublishingMode> {
  const found = await sql<{ scope: string; mode: string }>`
    with recursive line as (
      select id, parent_id from units where id = ${unitId}
      union
      select u.id, u.parent_id from units u join line on u.id = line.parent_id
    )
    select case when m.group_id is not null then 'group' when m.account_id is not null then 'account'
      when m.unit_id is not null then 'unit' else 'installation' end as scope, m.mode
    from publishing_modes m
    left join groups g on g.id = m.group_id
    where num_nonnulls(m.unit_id, m.account_id, m.group_id) = 0
      or m.account_id = ${accountId}
      or m.unit_id in (select id from line)
      or (${place.kind} = 'group' and g.account_id = ${accountId} and g.external_id = ${place.id})`.execute(db)
  return effectiveMode(
    found.rows.map(({ scope, mode }) => ({ scope: ModeScope.parse(scope), mode: PublishingMode.parse(mode) })),
  )
}

/** What the scope itself says; null: nothing. */
async function ownMode(db: Db | Tx, about: Scope): Promise<PublishingMode | null> {
  const row = await db
    .selectFrom('publishingModes')
    .select('mode')
    .where('unitId', 'is not distinct from', about.scope === 'unit' ? about.unitId : null)
    .where('accountId', 'is not distinct from', about.scope === 'account' ? about.accountId : null)
    .where('groupId', 'is not distinct from', about.scope === 'group' ? about.groupId : null)
    .executeTakeFirst()
  return row === undefined ? null : PublishingMode.parse(row.mode)
}

/**
 * Sets what a scope says; null: nothing any more. Nothing that was held is let go by it, and nothing stricter waits for
 * more than the claims that are just being made. False: it says so already.
 */
export async function setMode(
  tx: Tx,
  about: Scope,
  mode: PublishingMode | null,
  { by, reason }: { by: Actor; reason: string | null },
  now: Date,
): Promise<boolean> {
  await closeGate(tx)
  if ((await ownMode(tx, about)) === mode) return false
  await recordChange(tx, { what: 'mode', about, mode, by, reason }, now)
  return true
}

export interface SaidMode {
  readonly scope: ModeScope
  readonly unitId: UnitId | null
  readonly accountId: AccountId | null
  readonly groupId: string | null
  /** Whom it is about, as an operator writes it: a unit's code, a platform's id. */
  readonly name: string
  readonly mode: PublishingMode
}

/** Everything that is said, and of every account what holds for it. */
export async function listModes(db: Db | Tx): Promise<SaidMode[]> {
  const rows = await db
    .selectFrom('publishingModes as m')
    .leftJoin('units as u', 'u.id', 'm.unitId')
    .leftJoin('groups as g', 'g.id', 'm.groupId')
    .select(['m.unitId', 'm.accountId', 'm.groupId', 'm.mode', 'u.code', 'g.externalId as group'])
    .orderBy('u.code')
    .orderBy('g.externalId')
    .execute()
  const accounts = await db
    .selectFrom('accounts')
    .select(['id', 'platform', 'externalId'])
    .orderBy('externalId')
    .execute()
  const others = rows.flatMap(({ unitId, accountId, groupId, mode, code, group }): SaidMode[] => {
    if (accountId !== null) return []
    const scope = unitId !== null ? 'unit' : groupId !== null ? 'group' : 'installation'
    return [
      {
        scope,
        unitId: unitId === null ? null : UnitIdSchema.parse(unitId),
        accountId: null,
        groupId,
        name: code ?? group ?? '',
        mode: PublishingMode.parse(mode),
      },
    ]
  })
  const ofAccounts = accounts.map(({ id, platform, externalId }): SaidMode => {
    const said = rows.find(({ accountId }) => accountId === id)
    const mode = said === undefined ? modeOfNewAccount : PublishingMode.parse(said.mode)
    return { scope: 'account', unitId: null, accountId: id, groupId: null, name: `${platform} ${externalId}`, mode }
  })
  return [...others, ...ofAccounts]
}
