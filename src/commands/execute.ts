import { type Case, findCaseByCode, findCaseByMessage, getCase, lockCase } from '../cases/store.ts'
import { type Db, type Tx, transaction } from '../db/client.ts'
import { tellInChat } from '../dispatch/tell.ts'
import { settledPhoto } from '../files/officer-photo.ts'
import { closeEvent, type StoredEvent } from '../intake/store.ts'
import type { CaseId, OfficerId, OutboxId } from '../lib/ids.ts'
import { findQuestion, questionAbout } from '../replies/decide.ts'
import { postById, quotedPost } from '../replies/standing.ts'
import { approvalTexts } from '../texts/approval.ts'
import { officerTexts } from '../texts/officer.ts'
import type { Acting, Effect } from './acting.ts'
import { answer, edit, resend, settle } from './answering.ts'
import { answerQuestion } from './approve.ts'
import { type Brake, isBrake, pullBrake } from './brake.ts'
import type { Command } from './command.ts'
import { decideUnquoted } from './decide-unquoted.ts'
import { mayAct } from './may-act.ts'
import { withoutOurName } from './mention.ts'
import { hideComment, showComment, takeBackAnswer, takeDownAnswer } from './moderating.ts'
import { offerCase } from './offer-case.ts'
import { findOffered, type Subject } from './offered.ts'
import { parseCommand } from './parse.ts'
import { aboutPost, post } from './posting.ts'
import { makePublic, makeRestricted, reopen } from './restricting.ts'

/** What came of an officer's message. `routeAgain`: its case has to be routed anew; `toApprove`: somebody has to agree. */
export interface Executed {
  readonly outcome: string
  readonly routeAgain: CaseId | null
  readonly toApprove?: OutboxId
}

/** What may be asked of a case. */
type Order = Exclude<Command, Brake | { kind: 'give_back' }>

/** Carries out what an officer wrote in a work chat, and answers there in words. One transaction: all of it or nothing. */
export async function executeMessage(
  db: Db,
  officerId: OfficerId,
  written: StoredEvent,
  meansOf: Acting['meansOf'],
  now: Date,
  photo: Acting['photo'] = null,
): Promise<Executed> {
  return transaction(db, 'submit-answer', async (tx) => {
    const message = await withoutOurName(tx, written)
    // "đúng" stands for the message before it, whose subject was asked about.
    const offered = await findOffered(tx, message, now)
    const meant = offered === null ? message : await withoutOurName(tx, offered.message)
    const shown = offered === null ? photo : await settledPhoto(tx, offered.message)
    const acting: Acting = { tx, officerId, message: meant, meansOf, photo: shown, now }
    const { command, code } = parseCommand(meant.text ?? '')
    const subject = offered?.subject ?? null
    const found = subject === null ? await findCase(tx, message, code) : await caseOf(tx, subject)
    const effect = await carryOut(acting, command, { code, found, subject })
    if (!(await closeEvent(tx, message.id, effect.outcome, now))) return { outcome: 'already_closed', routeAgain: null }
    if (effect.reply !== null) {
      const reply = {
        caseId: found?.id ?? effect.about ?? null,
        originId: message.id,
        text: effect.reply,
        lane: 'live',
      } as const
      await tellInChat(tx, message, reply, now)
    }
    const { outcome, routeAgain = null, toApprove } = effect
    return { outcome, routeAgain, ...(toApprove === undefined ? {} : { toApprove }) }
  })
}

/** What a message is about: by its code or its quote, or because its author said yes to our question. */
interface Meant {
  readonly code: string | null
  readonly found: Case | null
  readonly subject: Subject | null
}

async function carryOut(acting: Acting, command: Command, meant: Meant): Promise<Effect> {
  const { tx, officerId, message, now } = acting
  const { found, subject } = meant
  if (isBrake(command)) return pullBrake(tx, command, officerId, message, now)
  const decided = await decide(acting, command, meant)
  if (decided !== null) return decided
  const about = found === null ? null : await lockCase(tx, found.id)
  const standing = subject?.what === 'post' ? await postById(tx, subject.outboxId) : await quotedPost(tx, message)
  const ofPost = standing === null ? null : await aboutPost(acting, standing, about, command)
  if (ofPost !== null) return ofPost
  return about === null ? withoutCase(acting, asOrder(command)) : withCase(acting, asOrder(command), about)
}

/** Where nothing waits for a yes, "trả lại …" is how an answer begins. */
function asOrder(command: Exclude<Command, Brake>): Order {
  return command.kind === 'give_back' ? { kind: 'answer', text: command.text } : command
}

/** Null: the message is about nothing that waits for a yes. */
async function decide(
  acting: Acting,
  command: Exclude<Command, Brake>,
  { code, subject }: Meant,
): Promise<Effect | null> {
  if (command.kind === 'help') return null
  const { tx, message, meansOf } = acting
  const question =
    subject?.what === 'question' ? await questionAbout(tx, subject.outboxId) : await findQuestion(tx, message)
  if (question !== null) return answerQuestion(acting, question, command)
  if (command.kind !== 'approve' && command.kind !== 'give_back') return null
  if (subject !== null || (await meansOf(message.accountId)).tellsQuotes) return null
  return decideUnquoted(acting, command, code)
}

async function caseOf(tx: Tx, subject: Subject): Promise<Case | null> {
  return subject.what === 'case' ? getCase(tx, subject.caseId) : null
}

/** The quoted card names the case; a code at the head of the message does where nothing is quoted. */
async function findCase(tx: Tx, message: StoredEvent, code: string | null): Promise<Case | null> {
  if (message.quotedMessageId !== null) {
    const quoted = await findCaseByMessage(tx, message.accountId, message.quotedMessageId)
    if (quoted !== null) return quoted
  }
  return code === null ? null : findCaseByCode(tx, code)
}

async function withoutCase(acting: Acting, command: Order): Promise<Effect> {
  const { tx, message } = acting
  if (command.kind === 'help') return { outcome: 'help', reply: officerTexts.help }
  if (command.kind === 'post') return post(acting, null, command.text)
  // Among colleagues people also just talk. In a chat of one officer with us, everything is meant for us, and so is
  // whatever quotes us.
  const { tellsQuotes } = await acting.meansOf(message.accountId)
  // Where quotes are not told, to call us by name is the only way to speak to us.
  const isCalled = !tellsQuotes && message.mentionsAccount
  const isTalk = message.place.kind === 'group' && !isCalled && !(await quotesUs(tx, message))
  if (isTalk) return { outcome: 'office_talk', reply: null }
  if (command.kind === 'approve') return { outcome: 'nothing_to_approve', reply: approvalTexts.nothingToApprove }
  if (tellsQuotes) return { outcome: 'which_case', reply: officerTexts.whichCase }
  return (await offerCase(acting, command)) ?? { outcome: 'which_case', reply: officerTexts.whichCaseByCode }
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

async function withCase(acting: Acting, command: Order, about: Case): Promise<Effect> {
  if (command.kind === 'help') return { outcome: 'help', reply: officerTexts.help }
  if (command.kind === 'approve') return { outcome: 'nothing_to_approve', reply: approvalTexts.nothingToApprove }
  if (!(await mayAct(acting.tx, acting.officerId, about, acting.now)))
    return { outcome: 'not_yours', reply: officerTexts.notYours(about.code) }
  switch (command.kind) {
    case 'answer':
      return answer(acting, about, command.text, 'where_asked')
    case 'answer_privately':
      return answer(acting, about, command.text, 'privately')
    case 'resend':
      return resend(acting, about)
    case 'edit':
      return edit(acting, about, command.text)
    case 'take_back':
      return takeBackAnswer(acting, about)
    case 'take_down':
      return takeDownAnswer(acting, about, command.reason)
    case 'hide':
      return hideComment(acting, about, command.reason)
    case 'unhide':
      return showComment(acting, about)
    case 'post':
      return post(acting, about, command.text)
    case 'make_public':
      return makePublic(acting, about)
    case 'make_restricted':
      return makeRestricted(acting, about)
    case 'reopen':
      return reopen(acting, about)
    case 'seen_present':
      return settle(acting, about, 'present')
    case 'seen_absent':
      return settle(acting, about, 'absent')
  }
}
