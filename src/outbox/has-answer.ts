import type { Tx } from '../db/client.ts'
import type { CaseId, OutboxId } from '../lib/ids.ts'
import type { OutboundKind } from './outbound.ts'

/** What answers a case: where it was asked, or to its author alone. */
export const answerKinds = ['answer', 'private_reply'] as const satisfies readonly OutboundKind[]

export function isAnswer({ kind }: { readonly kind: string }): boolean {
  return answerKinds.some((one) => one === kind)
}

/** States of a row that does not count any more. */
export const over = ['cancelled', 'rejected', 'removed'] as const

/** Whether an answer of the case, other than `than`, is still on its way or has arrived. */
export async function hasAnswer(tx: Tx, about: { id: CaseId }, than: OutboxId | null = null): Promise<boolean> {
  const answers = tx
    .selectFrom('outbox')
    .select('id')
    .where('caseId', '=', about.id)
    .where('kind', 'in', answerKinds)
    .where('state', 'not in', over)
  const others = than === null ? answers : answers.where('id', '!=', than)
  return (await others.executeTakeFirst()) !== undefined
}
