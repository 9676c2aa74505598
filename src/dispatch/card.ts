import type { Case, CaseMessage } from '../cases/store.ts'
import { officerTexts } from '../texts/officer.ts'

/** What the officer reads about a case: everything that is needed to answer it, and how. */
export function cardText(found: Case, messages: readonly CaseMessage[], accountName: string): string {
  let files = 0
  for (const { attachments } of messages) files += Array.isArray(attachments) ? attachments.length : 0
  const facts = {
    code: found.code,
    kind: found.kind,
    place: found.placeKind,
    accountName,
    authorName: messages[0]?.authorName ?? null,
    texts: messages.flatMap(({ text }) => (text === null ? [] : [text])),
    files,
    urgent: found.urgent,
  }
  return found.confidentiality === 'public'
    ? officerTexts.card(facts)
    : officerTexts.restrictedCard(facts, found.confidentialityReason)
}
