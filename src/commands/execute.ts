import { moveCase } from '../cases/move.ts'
import { setConfidentiality } from '../cases/restrict.ts'
import { appendHistory, type Case, findCaseByCode, findCaseByMessage, lockCase } from '../cases/store.ts'
import { type Db, type Tx, transaction } from '../db/client.ts'
import { closeEvent, type StoredEvent } from '../intake/store.ts'
import type { CaseId, OfficerId } from '../lib/ids.ts'
import { queueForOfficer } from '../outbox/queue.ts'
import { settleByHand } from '../replies/settle-by-hand.ts'
import { submitAnswer } from '../replies/submit.ts'
import { officerTexts } from '../texts/officer.ts'
import type { Command } from './command.ts'
import { mayAct } from './may-act.ts'
import { parseCommand } from './parse.ts'

/** What came of an officer's message. `routeAgain`: its case has to be routed anew. */
export interface Executed {
  readonly outcome: string
  readonly routeAgain: CaseId | null
}

interface Effect {
  readonly outcome: string
  /** Said back in the same chat; null where the result itself will be seen. */
  readonly reply: string | null
  readonly routeAgain?: CaseId
}

/** Carries out what an officer wrote in a work chat, and answers there in words. One transaction: all of it or nothing. */
export async function executeMessage(
  db: Db,
  officerId: OfficerId,
  message: StoredEvent,
  maxTextChars: (about: Case) => Promise<number>,
  now: Date,
): Promise<Executed> {
  return transaction(db, 'submit-answer', async (tx) => {
    const { command, code } = parseCommand(message.text ?? '')
    const found = await findCase(tx, message, code)
    const effect =
      found === null
        ? await withoutCase(tx, command, message)
        : await withCase(tx, command, await lockCase(tx, found.id), officerId, message, maxTextChars, now)
    if (!(await closeEvent(tx, message.id, effect.outcome, now))) return { outcome: 'already_closed', routeAgain: null }
    if (effect.reply !== null) await reply(tx, message, found?.id ?? null, effect.reply, now)
    return { outcome: effect.outcome, routeAgain: effect.routeAgain ?? null }
  })
}

/** The quoted card names the case; a code at the head of the message does where nothing is quoted. */
async function findCase(tx: Tx, message: StoredEvent, code: string | null): Promise<Case | null> {
  if (message.quotedMessageId !== null) {
    const quoted = await findCaseByMessage(tx, message.accountId, message.quotedMessageId)
    if (quoted !== null) return quoted
  }
  return code === null ? null : findCaseByCode(tx, code)
}

async function withoutCase(tx: Tx, command: Command, message: StoredEvent): Promise<Effect> {
  if (command.kind === 'help') return { outcome: 'help', reply: officerTexts.help }
  // Among colleagues people also just talk. In a chat of one officer with us, everything is meant for us, and so is
  // whatever quotes us.
  const isTalk = message.place.kind === 'group' && !(await quotesUs(tx, message))
  if (isTalk) return { outcome: 'office_talk', reply: null }
  return { outcome: 'which_case', reply: officerTexts.whichCase }
}

async function quotesUs(tx: Tx, { accountId, quotedMessageId }: StoredEvent): Promise<boolean> {
  if (quotedMessageId === null) return false
  const own = await tx
    .selectFrom('events')
    .select('id')
    .where('accountId', '=', accountId)
    .where('messageId', '=', quotedMessageId)
    .where('kind', '=', 'echo')
    .executeTakeFirst()
  return own !== undefined
}

async function withCase(
  tx: Tx,
  command: Command,
  about: Case,
  officerId: OfficerId,
  message: StoredEvent,
  maxTextChars: (about: Case) => Promise<number>,
  now: Date,
): Promise<Effect> {
  if (command.kind === 'help') return { outcome: 'help', reply: officerTexts.help }
  if (!(await mayAct(tx, officerId, about, now)))
    return { outcome: 'not_yours', reply: officerTexts.notYours(about.code) }
  switch (command.kind) {
    case 'answer':
      return answer(tx, about, officerId, message, command.text, await maxTextChars(about), now)
    case 'make_public':
      return makePublic(tx, about, officerId, now)
    case 'make_restricted':
      return makeRestricted(tx, about, officerId, now)
    case 'reopen':
      return reopen(tx, about, officerId, now)
    case 'seen_present':
    case 'seen_absent': {
      const settled = await settleByHand(tx, about.id, command.kind === 'seen_present' ? 'present' : 'absent', now)
      const text = settled ? officerTexts.settledByHand(about.code) : officerTexts.nothingToSettle(about.code)
      return { outcome: command.kind, reply: text }
    }
  }
}

async function answer(
  tx: Tx,
  about: Case,
  officerId: OfficerId,
  message: StoredEvent,
  text: string,
  maxTextChars: number,
  now: Date,
): Promise<Effect> {
  const submitted = await submitAnswer(tx, about, { officerId, message, text }, maxTextChars, now)
  switch (submitted.as) {
    case 'queued':
      return { outcome: 'answer', reply: null }
    case 'empty':
      return { outcome: 'answer_empty', reply: officerTexts.empty(about.code) }
    case 'too_long':
      return { outcome: 'answer_too_long', reply: officerTexts.tooLong(about.code, maxTextChars, submitted.over) }
    case 'already_answered':
      return { outcome: 'already_answered', reply: officerTexts.alreadyAnswered(about.code) }
    case 'restricted':
      return { outcome: 'answer_restricted', reply: officerTexts.restricted(about.code) }
    case 'withdrawn':
      return { outcome: 'answer_withdrawn', reply: officerTexts.withdrawn(about.code) }
  }
}

async function makePublic(tx: Tx, about: Case, officerId: OfficerId, now: Date): Promise<Effect> {
  if (about.confidentiality === 'public' || about.status !== 'assigned') {
    return { outcome: 'make_public', reply: officerTexts.nothingToSettle(about.code) }
  }
  await setConfidentiality(tx, about.id, 'public', { officerId }, now)
  await moveCase(tx, about.id, 'assigned', 'received', now)
  return { outcome: 'make_public', reply: officerTexts.madePublic(about.code), routeAgain: about.id }
}

async function makeRestricted(tx: Tx, about: Case, officerId: OfficerId, now: Date): Promise<Effect> {
  const wasPublic = about.confidentiality === 'public'
  if (wasPublic) await setConfidentiality(tx, about.id, 'restricted', { officerId }, now)
  const out = await tx
    .selectFrom('outbox')
    .select('kind')
    .where('caseId', '=', about.id)
    .where('audience', '!=', 'officer')
    .where('state', 'not in', ['cancelled', 'rejected', 'removed'])
    .execute()
  const reply = out.length === 0 ? officerTexts.madeRestricted(about.code) : officerTexts.alreadyOut(about.code)
  // Its answer was taken back before it left: the case is owed one again.
  if (!out.some(({ kind }) => kind === 'answer')) await moveCase(tx, about.id, 'answered', 'assigned', now)
  // From a chat that all officers read it goes to each of those on duty alone.
  const waits = wasPublic && (await moveCase(tx, about.id, 'assigned', 'received', now))
  return { outcome: 'make_restricted', reply, ...(waits ? { routeAgain: about.id } : {}) }
}

/** What somebody wrote on the platform itself was no answer: the case waits for one again. */
async function reopen(tx: Tx, about: Case, officerId: OfficerId, now: Date): Promise<Effect> {
  if (!(await moveCase(tx, about.id, 'answered_outside', 'assigned', now))) {
    return { outcome: 'reopen', reply: officerTexts.nothingToSettle(about.code) }
  }
  await appendHistory(tx, { caseId: about.id, what: 'reopened', actorOfficerId: officerId }, now)
  return { outcome: 'reopen', reply: officerTexts.reopened(about.code) }
}

async function reply(tx: Tx, message: StoredEvent, caseId: CaseId | null, text: string, now: Date): Promise<void> {
  if (message.address === null) return
  const { id: originId, accountId, unitId, address, place } = message
  await queueForOfficer(
    tx,
    { accountId, unitId, caseId, originId, address, place, kind: 'notice', lane: 'live', text },
    now,
  )
}
