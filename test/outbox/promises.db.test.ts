import fc from 'fast-check'
import { expect, it } from 'vitest'
import { moveCase } from '../../src/cases/move.ts'
import { plusMs } from '../../src/lib/clock.ts'
import type { AccountId, CaseId, OutboxId } from '../../src/lib/ids.ts'
import { type Claim, claimNext } from '../../src/outbox/claim.ts'
import { confirmRow } from '../../src/outbox/confirm.ts'
import { type FoundOwn, NotSentError, OutcomeUnknownError, RejectedError } from '../../src/outbox/publisher.ts'
import { findUnsettled, nextStep, settleLook } from '../../src/outbox/reconcile.ts'
import { judge, markUnknown, type Outcome } from '../../src/outbox/settle.ts'
import { settleByHand } from '../../src/replies/settle-by-hand.ts'
import { addAccount, addCase, addOutboxRow, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'
import { pacing, settled } from './stage.ts'

const { db } = await testDatabase()

/** How a platform may answer, and whether the text then stands there. It may lie about a failure, never about a success. */
const answers = {
  accepted: { outcome: { sent: 'm' }, stands: true },
  refusedForNow: { outcome: new NotSentError('busy'), stands: false },
  refusedButThere: { outcome: new NotSentError('busy'), stands: true },
  refusedForGood: { outcome: new RejectedError('gone'), stands: false },
  refusedForGoodButThere: { outcome: new RejectedError('gone'), stands: true },
  neverReached: { outcome: new NotSentError('down', { answered: false }), stands: false },
  noAnswer: { outcome: new OutcomeUnknownError('reset'), stands: false },
  noAnswerButThere: { outcome: new OutcomeUnknownError('reset'), stands: true },
} as const satisfies Record<string, { outcome: Outcome; stands: boolean }>
type Answer = keyof typeof answers

type Action =
  | { do: 'send'; answer: Answer }
  | { do: 'die'; stands: boolean }
  | { do: 'settleLate' }
  | { do: 'echo' | 'markUnknown' | 'restrict' | 'makePublic' | 'withdraw' }
  | { do: 'look'; canTell: boolean }
  | { do: 'person'; looks: true }
  | { do: 'wait'; ms: number }

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send' as const), answer: fc.constantFrom(...keys(answers)) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('die' as const), stands: fc.boolean() }) },
  { weight: 2, arbitrary: fc.constant({ do: 'settleLate' as const }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('echo' as const, 'markUnknown' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('restrict' as const, 'makePublic' as const, 'withdraw' as const) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('look' as const), canTell: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ do: 'person' as const, looks: true as const }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(10_000, 61_000, 130_000) }),
  },
)

/** One account with an answer and an acknowledgement of one case, and the platform's side of the story. */
class World {
  at = now
  readonly accountId: AccountId
  readonly caseId: CaseId
  /** How often each row's text came to stand in public. */
  readonly stands = new Map<OutboxId, number>()
  readonly wasConfirmed = new Set<OutboxId>()
  #lost: { claim: Claim; answer: Answer } | null = null

  constructor(accountId: AccountId, caseId: CaseId, rows: readonly OutboxId[]) {
    this.accountId = accountId
    this.caseId = caseId
    for (const id of rows) this.stands.set(id, 0)
  }

  async take(action: Action): Promise<void> {
    switch (action.do) {
      case 'send': {
        const claim = await this.#claim()
        if (claim !== null) await this.#finish(claim, action.answer)
        return
      }
      case 'die': {
        const claim = await this.#claim()
        if (claim === null) return
        if (action.stands) this.#publish(claim.message.id)
        this.#lost = { claim, answer: action.stands ? 'noAnswerButThere' : 'noAnswer' }
        return
      }
      case 'settleLate':
        // It was no death, only a long sleep after the call: what it reports is true.
        if (this.#lost !== null) await this.#settle(this.#lost.claim, this.#lost.answer)
        this.#lost = null
        return
      case 'echo':
        for (const id of await this.#standing())
          await db.transaction().execute((tx) => confirmRow(tx, id, `m-${id}`, this.at))
        return
      case 'markUnknown':
        await markUnknown(db, this.at, 120_000)
        return
      case 'look':
        for (const id of this.stands.keys()) await this.#look(id, action.canTell)
        return
      case 'person':
        await db.transaction().execute(async (tx) => {
          const waiting = await tx
            .selectFrom('outbox')
            .select('id')
            .where('caseId', '=', this.caseId)
            .where('kind', '=', 'answer')
            .where('state', '=', 'needs_person')
            .executeTakeFirst()
          if (waiting === undefined) return
          await settleByHand(tx, this.caseId, this.#isStanding(waiting.id) ? 'present' : 'absent', this.at)
        })
        return
      case 'restrict':
      case 'makePublic':
        await db
          .updateTable('cases')
          .set({ confidentiality: action.do === 'restrict' ? 'restricted' : 'public' })
          .where('id', '=', this.caseId)
          .execute()
        return
      case 'withdraw':
        await db.transaction().execute((tx) => moveCase(tx, this.caseId, 'answered', 'withdrawn', this.at))
        return
      case 'wait':
        this.at = plusMs(this.at, action.ms)
    }
  }

  async keepsItsPromises(): Promise<void> {
    const { confidentiality } = await db
      .selectFrom('cases')
      .select('confidentiality')
      .where('id', '=', this.caseId)
      .executeTakeFirstOrThrow()
    const rows = await db
      .selectFrom('outbox')
      .select(['id', 'state', 'claimedAt'])
      .where('caseId', '=', this.caseId)
      .where('audience', '=', 'public')
      .execute()
    const live = rows.filter((row) => row.state === 'sending' && plusMs(row.claimedAt ?? now, pacing.leaseMs) > this.at)
    expect(live.length, 'at most one live send of an account').toBeLessThanOrEqual(1)
    for (const { id, state } of rows) {
      expect(this.stands.get(id) ?? 0, 'nothing is published twice').toBeLessThanOrEqual(1)
      if (state === 'confirmed') {
        expect(this.#isStanding(id), 'what is confirmed stands there').toBe(true)
        this.wasConfirmed.add(id)
      }
      if (this.wasConfirmed.has(id)) expect(state, 'a confirmed row stays confirmed').toBe('confirmed')
      if (confidentiality === 'restricted') expect(state, 'nothing restricted waits to leave').not.toBe('pending')
      if (state === 'pending') expect(this.#isStanding(id), 'what stands there is not sent again').toBe(false)
    }
  }

  async #claim(): Promise<Claim | null> {
    const claim = await claimNext(db, 'facebook', this.at, pacing)
    if (claim === null) return null
    const about = await db
      .selectFrom('cases')
      .select('confidentiality')
      .where('id', '=', this.caseId)
      .executeTakeFirst()
    expect(about?.confidentiality, 'nothing of a restricted case is claimed').toBe('public')
    return claim
  }

  async #finish(claim: Claim, answer: Answer): Promise<void> {
    if (answers[answer].stands) this.#publish(claim.message.id)
    await this.#settle(claim, answer)
  }

  async #settle(claim: Claim, answer: Answer): Promise<void> {
    const { outcome } = answers[answer]
    const messageId = outcome instanceof Error ? null : `m-${claim.message.id}`
    await settled(db, claim, { ...judge(outcome, true), messageId, at: this.at })
  }

  async #look(id: OutboxId, canTell: boolean): Promise<void> {
    const row = await findUnsettled(db, id)
    if (row === null) return
    const known: FoundOwn = this.#isStanding(id) ? { found: 'present', messageId: `m-${id}` } : { found: 'absent' }
    const step = nextStep(row, canTell ? known : { found: 'unknowable' }, 3)
    await db.transaction().execute(async (tx) => {
      if (step.next === 'confirm') await confirmRow(tx, id, step.messageId, this.at)
      else await settleLook(tx, row, step, this.at, 30_000)
    })
  }

  #publish(id: OutboxId): void {
    this.stands.set(id, (this.stands.get(id) ?? 0) + 1)
  }

  #isStanding(id: OutboxId): boolean {
    return (this.stands.get(id) ?? 0) > 0
  }

  async #standing(): Promise<OutboxId[]> {
    return [...this.stands.keys()].filter((id) => this.#isStanding(id))
  }
}

async function newWorld(): Promise<World> {
  await db.updateTable('accountLanes').set({ pausedUntil: 'infinity' }).execute() // worlds before this one are over
  const accountId = await addAccount(db)
  const { id: caseId } = await addCase(db, { accountId, status: 'answered' })
  const acknowledgement = await addOutboxRow(db, { accountId, caseId, kind: 'acknowledgement', ordinal: 1 })
  const answer = await addOutboxRow(db, { accountId, caseId, ordinal: 2, dueAt: plusMs(now, 1) })
  return new World(accountId, caseId, [acknowledgement, answer])
}

it('whatever happens in whatever order, nothing is published twice and nothing restricted leaves', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 30, size: 'max' }), async (actions) => {
      const world = await newWorld()
      for (const each of actions) {
        await world.take(each)
        await world.keepsItsPromises()
      }
    }),
    { numRuns: 120 },
  )
}, 120_000)

it.each(keys(answers))(
  'after "%s" and honest looks an answer stands exactly once, or was refused for good',
  async (answer) => {
    const world = await newWorld()
    const story: Action[] = [
      { do: 'send', answer },
      { do: 'wait', ms: 61_000 },
      { do: 'look', canTell: true },
    ]
    for (let n = 0; n < 4; n += 1) story.push({ do: 'wait', ms: 61_000 }, { do: 'send', answer: 'accepted' })
    story.push({ do: 'look', canTell: true })

    for (const each of story) await world.take(each)

    await world.keepsItsPromises()
    const rows = await db.selectFrom('outbox').select(['id', 'state']).where('caseId', '=', world.caseId).execute()
    expect([...world.stands.values()].sort()).toEqual(answer === 'refusedForGood' ? [0, 1] : [1, 1])
    for (const { id, state } of rows) expect(state).toBe(world.stands.get(id) === 1 ? 'confirmed' : 'rejected')
  },
)

function keys<T extends object>(of: T): [keyof T, ...(keyof T)[]] {
  const [first, ...others] = Object.keys(of) as (keyof T)[]
  if (first === undefined) throw new Error('an empty table')
  return [first, ...others]
}
