import { describe, expect, it } from 'vitest'
import { CaseStatus, caseTransitions, openStatuses } from '../../src/cases/case.ts'
import type { moveCase } from '../../src/cases/move.ts'
import { CaseId, newId } from '../../src/lib/ids.ts'
import { now } from '../support/builders.ts'

const reachable = (from: CaseStatus): CaseStatus[] => {
  const seen = new Set<CaseStatus>()
  const walk = (status: CaseStatus): void => {
    for (const next of caseTransitions[status]) {
      if (seen.has(next)) continue
      seen.add(next)
      walk(next)
    }
  }
  walk(from)
  return [...seen]
}

describe('the moves of a case', () => {
  it('every status has its row', () => {
    expect(Object.keys(caseTransitions).sort()).toEqual([...CaseStatus.options].sort())
  })

  it.each(CaseStatus.options.filter((status) => status !== 'received'))('%s can be reached', (status) => {
    expect(reachable('received')).toContain(status)
  })

  it.each(['withdrawn', 'closed'] as const)('%s is an end', (status) => {
    expect(caseTransitions[status]).toEqual([])
  })

  it('no case goes unanswered from received to published', () => {
    expect(
      CaseStatus.options.filter((from) => (caseTransitions[from] as readonly string[]).includes('published')),
    ).toEqual(['answered'])
  })

  it('open means: something of ours is still owed', () => {
    expect(openStatuses).toEqual(['received', 'assigned', 'answered'])
  })

  it('a move that is not in the table does not compile', () => {
    /** Never run: the compiler is what is tested here. */
    const refusedByTheCompiler = (move: typeof moveCase, tx: Parameters<typeof moveCase>[0]): void => {
      const id = newId(CaseId, now)
      // @ts-expect-error a case is not published before it was answered
      void move(tx, id, 'received', 'published', now)
      // @ts-expect-error what was withdrawn stays withdrawn
      void move(tx, id, 'withdrawn', 'assigned', now)
    }

    expect(refusedByTheCompiler).toBeTypeOf('function')
  })
})
