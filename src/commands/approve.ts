import type { Tx } from '../db/client.ts'
import type { OfficerId } from '../lib/ids.ts'
import { approve, type Decided, giveBack, isKeptStill, type Question } from '../replies/decide.ts'
import { approvalTexts } from '../texts/approval.ts'
import type { Command } from './command.ts'

/** What an officer says to a message that asks for a yes. Anything but yes and no changes nothing. */
export async function answerQuestion(
  tx: Tx,
  question: Question,
  command: Command,
  officerId: OfficerId,
  now: Date,
): Promise<{ outcome: string; reply: string }> {
  const code = question.about?.code ?? null
  if (command.kind !== 'approve' && command.kind !== 'give_back') {
    return { outcome: 'approval_unclear', reply: approvalTexts.whatNow }
  }
  if (command.kind === 'give_back' && command.reason === '') {
    return { outcome: 'approval_unclear', reply: approvalTexts.whyReturned }
  }
  const decided =
    command.kind === 'approve'
      ? await approve(tx, question, officerId, now)
      : await giveBack(tx, question, officerId, command.reason, now)
  const isWaiting = decided === 'approved' && (await isKeptStill(tx, question, now))
  return { outcome: `approval_${decided}`, reply: replies[decided](code, isWaiting) }
}

const replies = {
  approved: approvalTexts.approved,
  returned: approvalTexts.returned,
  decided: approvalTexts.decided,
  own: approvalTexts.own,
  not_yours: approvalTexts.notYours,
  listen_only: approvalTexts.stillListening,
} as const satisfies Record<Decided, (code: string | null, isWaiting: boolean) => string>
