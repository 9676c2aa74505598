import type { Db, Tx } from '../db/client.ts'
import type { CaseId, RoutingDecisionId } from '../lib/ids.ts'
import type { RoutingDecision } from './decide.ts'
import { RoutingRule } from './rule.ts'

/** The active rules in their order. A rule that no longer parses stops routing loudly rather than being skipped. */
export async function listRules(db: Db | Tx): Promise<RoutingRule[]> {
  const rows = await db
    .selectFrom('routingRules')
    .select(['id', 'name', 'conditions', 'action'])
    .where('isActive', '=', true)
    .orderBy('position')
    .execute()
  return rows.map((row) => RoutingRule.parse(row))
}

/** Keeps for good why the case went where it went. */
export async function saveDecision(
  tx: Tx,
  id: RoutingDecisionId,
  caseId: CaseId,
  decision: RoutingDecision,
  now: Date,
): Promise<void> {
  await tx
    .insertInto('routingDecisions')
    .values({
      id,
      caseId,
      decidedAt: now,
      ruleId: decision.ruleId,
      assignedUnitId: decision.unitId,
      duty: decision.duty,
      because: decision.because,
      trace: JSON.stringify(decision.trace),
    })
    .execute()
}
