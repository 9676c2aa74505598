import { comparable } from '../../src/lib/text.ts'
import type { Balance, Done, LedgerMessage } from './facts.ts'
import { countBy, keyOf, out, underway } from './keys.ts'

const deedKinds = new Set(['edit', 'delete', 'hide', 'unhide', 'reaction'])

/** What stands somewhere as a text of its own, and what is done about such a text. */
export function divide(outbox: readonly LedgerMessage[]): { texts: LedgerMessage[]; deeds: LedgerMessage[] } {
  return {
    texts: outbox.filter(({ kind }) => !deedKinds.has(kind)),
    deeds: outbox.filter(({ kind }) => deedKinds.has(kind)),
  }
}

/** Each intended deed was done once, to what it was meant for and with its words, and none that nobody intended. */
export function compareDeeds(
  done: readonly Done[],
  rows: readonly LedgerMessage[],
): Pick<Balance, 'lost' | 'doubled' | 'orphaned'> {
  const keyOfDeed = (one: Done | LedgerMessage): string =>
    keyOf(one, `${one.kind} ${one.targetId} ${comparable(one.text)}`.trim())
  const seen = countBy(done, keyOfDeed)
  const intended = countBy(
    rows.filter(({ state }) => out.has(state) || state === 'needs_person'),
    keyOfDeed,
  )
  const missing = rows.filter((row) => out.has(row.state) && !seen.has(keyOfDeed(row)))
  const again = [...seen].filter(([what, count]) => count > Math.max(1, intended.get(what) ?? 0))
  const strange = [...seen].filter(([what]) => !intended.has(what))
  const stuck = rows.filter((row) => underway.has(row.state))
  return {
    lost: missing.map((row) => `${row.kind} ${row.id} is ${row.state} and nobody has seen it`),
    doubled: again.map(([what, count]) => `${count} times: ${what}`),
    orphaned: [
      ...strange.map(([what]) => `not the ledger's: ${what}`),
      ...stuck.map((row) => `${row.kind} ${row.id} is still ${row.state}`),
    ],
  }
}
