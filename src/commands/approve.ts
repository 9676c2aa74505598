import { approve, type Decided, giveBack, isKeptStill, type Question } from '../replies/decide.ts'
import { tellOtherApprovers } from '../replies/other-approvers.ts'
import { approvalTexts } from '../texts/approval.ts'
import { officerName } from '../units/store.ts'
import type { Acting } from './acting.ts'
import type { Command } from './command.ts'

/** What an officer says to a message that asks for a yes. Anything but yes and no changes nothing. */
export async function answerQuestion(
  acting: Acting,
  question: Question,
  command: Command,
): Promise<{ outcome: string; reply: string }> {
  const { tx, officerId, now } = acting
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
  if (decided === 'approved') await tellOthers(acting, question, null)
  if (decided === 'returned' && command.kind === 'give_back') await tellOthers(acting, question, command.reason)
  return { outcome: `approval_${decided}`, reply: await replyTo(acting, question, decided) }
}

/** `reason`: why it was given back; null: it was agreed to. */
async function tellOthers(
  { tx, officerId, message, now }: Acting,
  { row, about }: Question,
  reason: string | null,
): Promise<void> {
  const text = approvalTexts.decidedByOther(about?.code ?? null, await officerName(tx, officerId), reason)
  await tellOtherApprovers(tx, row, message, text, now)
}

async function replyTo({ tx, now }: Acting, question: Question, decided: Decided): Promise<string> {
  const { row, about } = question
  const code = about?.code ?? null
  switch (decided) {
    case 'approved':
      return approvalTexts.approved(code, await isKeptStill(tx, question, now))
    case 'decided': {
      const by = row.approvedBy ?? row.returnedBy
      if (by === null) return approvalTexts.decided(code)
      return approvalTexts.decidedBefore(code, await officerName(tx, by), row.approvedBy !== null)
    }
    case 'returned':
      return approvalTexts.returned(code)
    case 'own':
      return approvalTexts.own(code)
    case 'not_yours':
      return approvalTexts.notYours(code)
    case 'listen_only':
      return approvalTexts.stillListening(code)
  }
}
