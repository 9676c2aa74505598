import { randomUUID } from 'node:crypto'
import { type Db, type Tx, transaction } from '../db/client.ts'
import { AccountId, newId, OfficerId, RuleId, UnitId } from '../lib/ids.ts'
import { type KeyRing, seal } from '../lib/secrets.ts'
import { everywhere, type Scope } from '../publishing/change.ts'
import { replaceFreezes } from '../publishing/freezes.ts'
import type { PublishingMode } from '../publishing/mode.ts'
import { setMode } from '../publishing/modes.ts'
import { freezeEnd, freezeStart, type SetupFile } from './setup-file.ts'

/** Brings the database to what the file says; what the file does not name stays. All of it or nothing. */
export async function applySetup(db: Db, keyRing: KeyRing, setup: SetupFile, now: Date): Promise<void> {
  await transaction(db, 'apply-setup', async (tx) => {
    const units = await applyUnits(tx, setup, now)
    await applyOfficers(tx, setup, units, now)
    await say(tx, everywhere, setup.mode, now)
    await applyAccounts(tx, keyRing, setup, units, now)
    await applyRules(tx, setup, now)
    await applyFreezes(tx, setup, units)
  })
}

type UnitIds = (code: string) => UnitId

async function applyUnits(tx: Tx, { units }: SetupFile, now: Date): Promise<UnitIds> {
  const ids = new Map<string, UnitId>()
  for (const { code, name, kind, signature, validFrom } of units) {
    const { id } = await tx
      .insertInto('units')
      .values({ id: newId(UnitId, now), code, name, kind, signature, validFrom })
      .onConflict((conflict) => conflict.column('code').doUpdateSet({ name, kind, signature, validFrom }))
      .returning('id')
      .executeTakeFirstOrThrow()
    ids.set(code, id)
  }
  for (const { code, mode } of units) {
    const unitId = ids.get(code)
    if (unitId !== undefined) await say(tx, { scope: 'unit', unitId }, mode, now)
  }
  const idOf: UnitIds = (code) => {
    const id = ids.get(code)
    if (id === undefined) throw new RangeError(`unit ${code} is not part of this setup`)
    return id
  }
  for (const { code, parent } of units) {
    const parentId = parent === undefined ? null : idOf(parent)
    await tx.updateTable('units').set({ parentId }).where('code', '=', code).execute()
  }
  return idOf
}

async function applyOfficers(tx: Tx, { officers }: SetupFile, unitOf: UnitIds, now: Date): Promise<void> {
  for (const { name, duties } of officers) {
    const known = await tx.selectFrom('officers').select('id').where('displayName', '=', name).executeTakeFirst()
    const officerId = known?.id ?? newId(OfficerId, now)
    if (known === undefined)
      await tx.insertInto('officers').values({ id: officerId, displayName: name, createdAt: now }).execute()
    await tx.deleteFrom('duties').where('officerId', '=', officerId).execute()
    for (const { unit, duty, from, to } of duties) {
      await tx
        .insertInto('duties')
        .values({ id: randomUUID(), officerId, unitId: unitOf(unit), duty, validFrom: from, validTo: to ?? null })
        .execute()
    }
  }
}

async function applyAccounts(
  tx: Tx,
  keyRing: KeyRing,
  { accounts }: SetupFile,
  unitOf: UnitIds,
  now: Date,
): Promise<void> {
  for (const { platform, id: externalId, name, unit, mode, groups } of accounts) {
    const id = newId(AccountId, now)
    const unitId = unitOf(unit)
    const account = await tx
      .insertInto('accounts')
      .values({
        id,
        platform,
        externalId,
        name,
        unitId,
        secret: seal(keyRing, `account/${id}`, ''),
        stateChangedAt: now,
        createdAt: now,
      })
      .onConflict((conflict) => conflict.columns(['platform', 'externalId']).doUpdateSet({ name, unitId }))
      .returning('id')
      .executeTakeFirstOrThrow()
    await tx
      .insertInto('accountLanes')
      .values({ accountId: account.id, platform })
      .onConflict((conflict) => conflict.column('accountId').doNothing())
      .execute()
    await say(tx, { scope: 'account', accountId: account.id }, mode, now)
    for (const group of groups) {
      const { name: groupName, audience, listen, keywords = [] } = group
      const { id: groupId } = await tx
        .insertInto('groups')
        .values({
          id: randomUUID(),
          accountId: account.id,
          externalId: group.id,
          unitId: unitOf(group.unit),
          name: groupName,
          audience,
          listen,
          keywords,
        })
        .onConflict((conflict) =>
          conflict
            .columns(['accountId', 'externalId'])
            .doUpdateSet({ unitId: unitOf(group.unit), name: groupName, audience, listen, keywords }),
        )
        .returning('id')
        .executeTakeFirstOrThrow()
      await say(tx, { scope: 'group', groupId }, group.mode, now)
    }
  }
}

/** What the file does not say stays as it is. */
async function say(tx: Tx, about: Scope, mode: PublishingMode | undefined, now: Date): Promise<void> {
  if (mode !== undefined) await setMode(tx, about, mode, { by: { actor: 'setup file' }, reason: null }, now)
}

async function applyFreezes(tx: Tx, { freezes }: SetupFile, unitOf: UnitIds): Promise<void> {
  if (freezes === undefined) return
  await replaceFreezes(
    tx,
    freezes.map(({ unit, from, to, reason }) => ({
      unitId: unit === undefined ? null : unitOf(unit),
      startsAt: freezeStart(from),
      endsAt: freezeEnd(to),
      reason,
    })),
  )
}

/** Rules are one ordered list: the file replaces it. Decisions keep their reason in words, so history stays readable. */
async function applyRules(tx: Tx, { rules }: SetupFile, now: Date): Promise<void> {
  if (rules.length === 0) return
  await tx.updateTable('routingRules').set({ isActive: false }).where('isActive', '=', true).execute()
  for (const [position, { name, when, assign }] of rules.entries()) {
    await tx
      .insertInto('routingRules')
      .values({
        id: newId(RuleId, now),
        position,
        name,
        conditions: JSON.stringify(when),
        action: JSON.stringify(assign),
      })
      .execute()
  }
}
