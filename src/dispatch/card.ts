import type { Account } from '../accounts/store.ts'
import type { Case, CaseMessage } from '../cases/store.ts'
import type { CaseFile } from '../files/store.ts'
import type { PublishingMode } from '../publishing/mode.ts'
import { attachmentLines, nothingToRead, whereToLook } from '../texts/attachments.ts'
import { officerTexts } from '../texts/officer.ts'
import { type ShownLimits, spokenAttachments } from './attachments.ts'

/** What the officer reads about a case: everything that is needed to answer it, and how. */
export function cardText(
  found: Case,
  messages: readonly CaseMessage[],
  files: readonly CaseFile[],
  account: Pick<Account, 'platform' | 'name'>,
  limits: ShownLimits,
  {
    mode,
    answerUntil = null,
    freeUntil = null,
    tellsQuotes = true,
  }: {
    readonly mode: PublishingMode
    readonly answerUntil?: Date | null
    readonly freeUntil?: Date | null
    /** Of the chat in which it is read. */
    readonly tellsQuotes?: boolean
  },
): string {
  const where = whereToLook(account.platform, found.placeKind)
  const texts = messages.flatMap(({ text }) => (text === null ? [] : [text]))
  const attachments = messages.flatMap((message) => spokenAttachments(message, files, limits))
  const facts = {
    code: found.code,
    kind: found.kind,
    place: found.placeKind,
    accountName: account.name,
    authorName: messages[0]?.authorName ?? null,
    texts,
    attached:
      texts.length === 0 && attachments.length === 0 ? [nothingToRead(where)] : attachmentLines(attachments, where),
    urgent: found.urgent,
    answerUntil,
    freeUntil,
    mode,
    tellsQuotes,
  }
  return found.confidentiality === 'public'
    ? officerTexts.card(facts)
    : officerTexts.restrictedCard(facts, found.confidentialityReason)
}
