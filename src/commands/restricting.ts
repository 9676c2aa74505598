import { moveCase } from '../cases/move.ts'
import { setConfidentiality } from '../cases/restrict.ts'
import { appendHistory, type Case } from '../cases/store.ts'
import { isAnswer, over } from '../outbox/has-answer.ts'
import { outsiders } from '../outbox/outbound.ts'
import { officerTexts } from '../texts/officer.ts'
import type { Acting, Effect } from './acting.ts'

export async function makePublic({ tx, officerId, now }: Acting, about: Case): Promise<Effect> {
  if (about.confidentiality === 'public' || about.status !== 'assigned') {
    return { outcome: 'make_public', reply: officerTexts.nothingToSettle(about.code) }
  }
  await setConfidentiality(tx, about.id, 'public', { officerId }, now)
  await moveCase(tx, about.id, 'assigned', 'received', now)
  return { outcome: 'make_public', reply: officerTexts.madePublic(about.code), routeAgain: about.id }
}

export async function makeRestricted({ tx, officerId, now }: Acting, about: Case): Promise<Effect> {
  const wasPublic = about.confidentiality === 'public'
  if (wasPublic) await setConfidentiality(tx, about.id, 'restricted', { officerId }, now)
  const out = await tx
    .selectFrom('outbox')
    .select('kind')
    .where('caseId', '=', about.id)
    .where('audience', 'in', outsiders)
    .where('state', 'not in', over)
    .execute()
  const reply = out.length === 0 ? officerTexts.madeRestricted(about.code) : officerTexts.alreadyOut(about.code)
  // Its answer was taken back before it left: the case is owed one again.
  const isAnswered = out.some(isAnswer)
  if (!isAnswered) await moveCase(tx, about.id, 'answered', 'assigned', now)
  // From a chat that all officers read it goes to each of those on duty alone.
  const waits = wasPublic && (await moveCase(tx, about.id, 'assigned', 'received', now))
  return { outcome: 'make_restricted', reply, ...(waits ? { routeAgain: about.id } : {}) }
}

/** What somebody wrote on the platform itself was no answer: the case waits for one again. */
export async function reopen({ tx, officerId, now }: Acting, about: Case): Promise<Effect> {
  if (!(await moveCase(tx, about.id, 'answered_outside', 'assigned', now))) {
    return { outcome: 'reopen', reply: officerTexts.nothingToSettle(about.code) }
  }
  await appendHistory(tx, { caseId: about.id, what: 'reopened', actorOfficerId: officerId }, now)
  return { outcome: 'reopen', reply: officerTexts.reopened(about.code) }
}
