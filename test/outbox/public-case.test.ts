import { describe, expect, it } from 'vitest'
import { CaseId, newId } from '../../src/lib/ids.ts'
import { PublicCase } from '../../src/outbox/public-case.ts'
import type { queueForResident } from '../../src/outbox/queue.ts'
import { now } from '../support/builders.ts'

type Tx = Parameters<typeof queueForResident>[0]
type Intended = Parameters<typeof queueForResident>[2]

const found = (confidentiality: string): { id: CaseId; code: string; confidentiality: string } => ({
  id: newId(CaseId, now),
  code: 'DH-7KM-3QP',
  confidentiality,
})

describe('the proof that a case is public', () => {
  it('is made from a public case', () => {
    const open = found('public')

    expect(PublicCase.of(open)).toMatchObject({ id: open.id, code: open.code })
  })

  it.each(['restricted', '', 'Public', 'PUBLIC', 'public ', 'unknown'])('is not made from a "%s" one', (word) => {
    expect(PublicCase.of(found(word))).toBeNull()
  })

  it('is told from a look-alike', () => {
    const proof = PublicCase.of(found('public'))

    expect(proof !== null && PublicCase.is(proof)).toBe(true)
    expect(PublicCase.is({ id: proof?.id, code: proof?.code })).toBe(false)
    expect(PublicCase.is(Object.create(PublicCase.prototype))).toBe(false)
    expect(PublicCase.is({ ...proof })).toBe(false)
  })
})

it('without the proof nothing for residents compiles', () => {
  /** Never run: the compiler is what is tested here. */
  const refusedByTheCompiler = (queue: typeof queueForResident, tx: Tx, intended: Intended): void => {
    const { id, code } = found('restricted')
    // @ts-expect-error nobody but PublicCase.of makes one
    new PublicCase(id, code)
    // @ts-expect-error a look-alike is no proof
    void queue(tx, { id, code }, intended, now)
    // @ts-expect-error the case itself is no proof
    void queue(tx, found('public'), intended, now)
    // @ts-expect-error whether there is a proof has to be asked
    void queue(tx, PublicCase.of(found('restricted')), intended, now)
    // @ts-expect-error what residents read is an acknowledgement or an answer
    void queue(tx, JSON.parse('{}'), { ...intended, kind: 'card' }, now)
    // @ts-expect-error and officers are reached another way
    void queue(tx, JSON.parse('{}'), { ...intended, audience: 'officer' }, now)
  }

  expect(refusedByTheCompiler).toBeTypeOf('function')
})
