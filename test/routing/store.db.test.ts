import { beforeEach, describe, expect, it } from 'vitest'
import { newId, RoutingDecisionId } from '../../src/lib/ids.ts'
import { listRules, saveDecision } from '../../src/routing/store.ts'
import { addCase, addRule, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
beforeEach(() => emptyTables(db))

describe('the rules', () => {
  it('come in their order, those that are active', async () => {
    await addRule(db, 2, { name: 'third' })
    await addRule(db, 0, {
      name: 'first',
      conditions: { kinds: ['question'] },
      action: { unit: 'xa-a', duty: 'answers' },
    })
    await addRule(db, 1, { name: 'second' })
    await addRule(db, 1, { name: 'former', isActive: false })

    const rules = await listRules(db)

    expect(rules.map((rule) => rule.name)).toEqual(['first', 'second', 'third'])
    expect(rules[0]).toMatchObject({ conditions: { kinds: ['question'] }, action: { unit: 'xa-a', duty: 'answers' } })
  })

  it('two active ones cannot stand in one place', async () => {
    await addRule(db, 0)

    await expect(addRule(db, 0)).rejects.toMatchObject({ code: '23505' })
  })

  it.each([
    ['a condition nobody knows', { conditions: JSON.stringify({ mood: 'bad' }) }],
    ['a duty nobody knows', { action: JSON.stringify({ duty: 'boss' }) }],
  ])('one with %s stops routing loudly rather than being skipped', async (_what, change) => {
    await addRule(db, 0)
    await addRule(db, 1)
    await db.updateTable('routingRules').set(change).where('position', '=', 0).execute()

    await expect(listRules(db)).rejects.toThrow()
  })
})

it('a decision is kept with its reason and every rule that was looked at', async () => {
  const about = await addCase(db)
  const ruleId = await addRule(db, 0, { name: 'r' })
  const trace = [{ rule: 'r', matched: true, because: 'all conditions hold' }]
  const decision = { unitId: about.unitId, duty: 'answers', ruleId, because: 'rule "r" matched', trace } as const

  await db.transaction().execute((tx) => saveDecision(tx, newId(RoutingDecisionId, now), about.id, decision, now))

  expect(await db.selectFrom('routingDecisions').selectAll().execute()).toMatchObject([
    {
      caseId: about.id,
      decidedAt: now,
      ruleId,
      assignedUnitId: about.unitId,
      duty: 'answers',
      because: 'rule "r" matched',
      trace,
    },
  ])
})
