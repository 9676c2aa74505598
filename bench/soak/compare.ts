import { comparable } from '../../src/lib/text.ts'
import { compareDeeds, divide } from './deeds.ts'
import type { Balance, Ledger, LedgerCase, LedgerEvent, Observed, Shown, Terms, Written } from './facts.ts'
import { countBy, keyOf, out, underway } from './keys.ts'

/** Pure. Holds what the platforms saw against what the product says. */
export function compare(observed: Observed, all: Ledger, terms: Terms = {}): Balance {
  const { texts: outbox, deeds } = divide(all.outbox)
  const ledger = { ...all, outbox }
  const acts = compareDeeds(observed.done, deeds)
  const { doubled, officerDoubles } = doubles(observed.shown, ledger)
  const accounts = accountFor(observed.written, ledger)
  const answers = accountFor(observed.answered, ledger)
  return {
    received: observed.written.length,
    accounted: observed.written.length - accounts.lost.length,
    accountedAs: accounts.as,
    lost: [
      ...accounts.lost,
      ...answers.lost.map((answer) => `answer ${answer}`),
      ...vanished(observed, ledger),
      ...acts.lost,
    ],
    doubled: [...doubled, ...acts.doubled],
    officerDoubles: terms.officersMayReadTwice === true ? [] : officerDoubles,
    orphaned: [...orphans(observed.shown, ledger), ...acts.orphaned],
    leaked: [...leaks(observed, ledger), ...(terms.needsYes === true ? unagreed(observed, ledger) : [])],
  }
}

/** Whether anything is wrong that a run must not end with. */
export function isClean({ lost, doubled, officerDoubles, orphaned, leaked }: Balance): boolean {
  return [lost, doubled, officerDoubles, orphaned, leaked].every((list) => list.length === 0)
}

interface Index {
  readonly events: ReadonlyMap<string, LedgerEvent>
  readonly cases: ReadonlyMap<string, LedgerCase>
  readonly unread: string
}

function index({ events, cases, unread }: Ledger): Index {
  const byMessage = new Map<string, LedgerEvent>()
  for (const event of events) if (event.messageId !== null) byMessage.set(keyOf(event, event.messageId), event)
  return { events: byMessage, cases: new Map(cases.map((one) => [one.id, one])), unread: unread.join('\n') }
}

function accountFor(written: readonly Written[], ledger: Ledger): { as: Record<string, number>; lost: string[] } {
  const known = index(ledger)
  const as: Record<string, number> = {}
  const lost: string[] = []
  for (const one of written) {
    const account = accountOf(one, known)
    if (account === null) lost.push(said(one))
    else as[account] = (as[account] ?? 0) + 1
  }
  return { as, lost }
}

/** In which named state something that was written stands; null: in none. */
function accountOf(one: Written, { events, cases, unread }: Index): string | null {
  const event = events.get(keyOf(one, one.id))
  if (event === undefined) return unread.includes(one.id) ? 'unread' : null
  if (event.outcome === null) return 'untriaged'
  if (event.outcome !== 'opened_case' && event.outcome !== 'joined_case') return event.outcome
  const about = event.caseId === null ? undefined : cases.get(event.caseId)
  return about === undefined ? null : `case ${about.status}`
}

/** It stood there until it was taken away. */
const wasOut = new Set([...out, 'removed', 'needs_person'])

const MARK = /Mã: (DH-\w{3}-\w{3}) · \d{1,4}$/u
const CODE = /DH-\w{3}-\w{3}/u

/** Finds what belongs together by the platform's id, else by the mark at the end, else by the words. */
class Matcher<T extends { platform: string; account: string; text: string }> {
  readonly #byId = new Map<string, T>()
  readonly #byMark = new Map<string, T>()
  readonly #byText = new Map<string, T>()
  readonly #all: { key: string; text: string; item: T }[] = []

  constructor(items: readonly T[], idOf: (item: T) => string | null) {
    for (const item of items) {
      const id = idOf(item)
      const text = comparable(item.text)
      const mark = MARK.exec(text)?.[0]
      if (id !== null) this.#byId.set(keyOf(item, id), item)
      if (mark !== undefined) this.#byMark.set(keyOf(item, mark), item)
      this.#byText.set(keyOf(item, text), item)
      this.#all.push({ key: keyOf(item, ''), text, item })
    }
  }

  find(wanted: { platform: string; account: string; text: string }, id: string | null): T | null {
    const text = comparable(wanted.text)
    const mark = MARK.exec(text)?.[0]
    const found =
      (id === null ? undefined : this.#byId.get(keyOf(wanted, id))) ??
      (mark === undefined ? undefined : this.#byMark.get(keyOf(wanted, mark))) ??
      this.#byText.get(keyOf(wanted, text)) ??
      // A name may stand before our text in a group, and a long text goes out in parts.
      this.#all.find((one) => one.key === keyOf(wanted, '') && (one.text.includes(text) || text.endsWith(one.text)))
        ?.item
    return found ?? null
  }
}

/** Out by the ledger's word, and the platform has never seen it. */
function vanished({ shown }: Observed, { outbox }: Ledger): string[] {
  const seen = new Matcher(shown, (one) => one.id)
  return outbox
    .filter((row) => out.has(row.state) && seen.find(row, row.messageId) === null)
    .map((row) => `${row.kind} ${row.id} is ${row.state} and nobody has seen it`)
}

/**
 * The same words about the same case in the same place are one effect, whatever ordinal they carry; so are the same
 * words at all where the ledger intended them once.
 */
function doubles(
  shown: readonly Shown[],
  { outbox, events, cases }: Ledger,
): Pick<Balance, 'doubled' | 'officerDoubles'> {
  const intended = countBy(outbox, (row) => keyOf(row, comparable(row.text)))
  const groups = new Map<string, Shown[]>()
  for (const one of shown) {
    const text = comparable(one.text)
    const key = `${keyOf(one, one.place)} ${MARK.exec(text)?.[1] ?? ''} ${text.replace(MARK, '')}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  const doubled: string[] = []
  const officerDoubles: string[] = []
  for (const [first, ...more] of groups.values()) {
    if (first === undefined || more.length === 0) continue
    const text = comparable(first.text)
    // "Which case?" may be asked again and again; what names a case is said once.
    const allowed = CODE.test(text) ? 1 : (intended.get(keyOf(first, text)) ?? 1)
    if (more.length + 1 <= allowed) continue
    const list = first.audience === 'officer' ? officerDoubles : doubled
    list.push(`${more.length + 1} times in ${first.place}: ${brief(first.text)}`)
  }
  return { doubled: [...doubled, ...twice(events, cases)], officerDoubles }
}

/** One writing of a resident that became two events or two cases. */
function twice(events: readonly LedgerEvent[], cases: readonly LedgerCase[]): string[] {
  const counted = [
    ...countBy(events, (event) => `event ${keyOf(event, event.messageId ?? '')}`),
    ...countBy(cases, (one) => `case of ${one.originEvent}`),
  ]
  return counted.filter(([, count]) => count > 1).map(([what, count]) => `${count} times: ${what}`)
}

/** Seen, and the ledger does not say that it went out; or a row that is still on its way when nothing moves any more. */
function orphans(shown: readonly Shown[], { outbox }: Ledger): string[] {
  const rows = new Matcher(outbox, (row) => row.messageId)
  const unowned = shown.filter((one) => {
    const row = rows.find(one, one.id)
    return row === null || !wasOut.has(row.state)
  })
  const stuck = outbox.filter((row) => underway.has(row.state))
  return [
    ...unowned.map((one) => `${one.audience} text ${one.id} in ${one.place} is not the ledger's: ${brief(one.text)}`),
    ...stuck.map((row) => `${row.kind} ${row.id} is still ${row.state}`),
  ]
}

/** Long enough that two people do not write it by chance. */
const TELLING_CHARS = 12

function leaks({ shown, done }: Pick<Observed, 'shown' | 'done'>, { cases }: Ledger): string[] {
  const restricted = cases.filter((one) => one.confidentiality === 'restricted')
  const edited = done.map(({ targetId, text }) => ({ id: targetId, audience: 'public', place: 'an edit', text }))
  const outside = [...shown.filter((one) => one.audience !== 'officer'), ...edited]
  const leaked: string[] = []
  for (const one of outside) {
    const text = comparable(one.text)
    const about = restricted.find(
      ({ code, texts }) =>
        text.includes(code) || texts.some((own) => own.length >= TELLING_CHARS && text.includes(comparable(own))),
    )
    if (about !== undefined) leaked.push(`${one.audience} text ${one.id} in ${one.place} speaks of ${about.code}`)
  }
  return leaked
}

/** What an outsider could read before an officer had read and agreed to exactly that. */
function unagreed({ shown, done, agreed }: Observed, { outbox }: Ledger): string[] {
  const rows = new Matcher(outbox, (row) => row.messageId)
  const outside = shown.filter(({ audience }) => audience !== 'officer')
  const edits = done.filter(({ text }) => text !== '')
  // In a group a name may stand before our text.
  const wordings = [...outside.map((one) => ({ ...one, text: rows.find(one, one.id)?.text ?? one.text })), ...edits]
  return wordings
    .filter(({ text, at }) => !agreed.some((yes) => yes.at <= at && comparable(yes.text).includes(comparable(text))))
    .map(({ text }) => `nobody had agreed to: ${brief(text)}`)
}

function said({ platform, id, text }: Written): string {
  return `${platform} ${id}: ${brief(text)}`
}

function brief(text: string): string {
  const line = comparable(text)
  return line.length > 80 ? `${line.slice(0, 79)}…` : line
}
