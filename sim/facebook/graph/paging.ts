import { type GraphCall, textParam } from './call.ts'
import { refuse } from './refusal.ts'

type Sorted = { seq: number }

export type PageOfList<T> = { items: T[]; paging: Record<string, unknown> | undefined }

/** One page of a list by limit and cursors. Cursors name a place, not an offset, so a removal in between skips nothing. */
export function paginate<T extends Sorted>(call: GraphCall, oldestFirst: readonly T[], base: string): PageOfList<T> {
  const order = textParam(call, 'order') || 'chronological'
  if (order !== 'chronological' && order !== 'reverse_chronological')
    throw refuse(
      100,
      undefined,
      `(#100) Param order must be one of {CHRONOLOGICAL, REVERSE_CHRONOLOGICAL} - got "${order}"`,
    )
  const reversed = order === 'reverse_chronological'
  const all = reversed ? [...oldestFirst].reverse() : [...oldestFirst]
  const after = cursorSeq(textParam(call, 'after'))
  const before = cursorSeq(textParam(call, 'before'))
  const direction = reversed ? -1 : 1
  const rest = all.filter(
    (item) =>
      (after === null || (item.seq - after) * direction > 0) &&
      (before === null || (item.seq - before) * direction < 0),
  )
  const limit = Math.min(Math.max(Number(textParam(call, 'limit')) || 25, 1), 100)
  const items = before === null ? rest.slice(0, limit) : rest.slice(-limit)
  const first = items[0]
  const last = items.at(-1)
  if (!first || !last) return { items, paging: undefined }
  const cursors = { before: cursor(first.seq), after: cursor(last.seq) }
  // `next` carries the token, as on Facebook: whoever stores or logs it leaks it.
  const more = rest.length > items.length
  const next = `${base}?access_token=${encodeURIComponent(call.token)}&limit=${limit}&after=${cursors.after}&order=${order}`
  return { items, paging: more ? { cursors, next } : { cursors } }
}

function cursor(seq: number): string {
  return Buffer.from(`comment:${seq}`).toString('base64url')
}

function cursorSeq(value: string): number | null {
  if (value === '') return null
  const found = /^comment:(\d+)$/u.exec(Buffer.from(value, 'base64url').toString('utf8'))
  if (!found) throw refuse(100, undefined, '(#100) Invalid cursor provided')
  return Number(found[1])
}
