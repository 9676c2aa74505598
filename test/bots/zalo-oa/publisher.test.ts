import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { how } from '../../../sim/zalo-oa/how.ts'
import { FileId, newId } from '../../../src/lib/ids.ts'
import type { OutboundMessage } from '../../../src/outbox/outbound.ts'
import { NotSentError, OutcomeUnknownError, RejectedError } from '../../../src/outbox/publisher.ts'
import { answers, type OaStage, oaId, openOa, outbound } from './stage.ts'

const cs = { path: /message\/cs$/u }
const hour = 3_600_000
const text = 'Sáng thứ Hai ạ.\n\nMã: DH-7KM-3QP · 1'

/** Lan has asked; an answer to her question. */
async function asked(options: Parameters<typeof openOa>[0] = {}): Promise<OaStage & { answer: OutboundMessage }> {
  const stage = await openOa(options)
  const quoteMessageId = stage.sim.say({ oaId, person: 'lan', text: 'Cho hỏi giờ tiếp dân?' })
  const answer = outbound({ type: 'user', userId: stage.sim.userIdOf(oaId, 'lan'), quoteMessageId }, text)
  return { ...stage, answer }
}

async function failure(sending: Promise<unknown>): Promise<NotSentError | RejectedError | OutcomeUnknownError> {
  const error = await sending.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof NotSentError || error instanceof RejectedError || error instanceof OutcomeUnknownError) {
    return error
  }
  throw new Error(`expected a publish error, got ${inspect(error)}`)
}

describe('an answer', () => {
  it('stands in the chat once, quoting the question; its id and its price are told', async () => {
    const { sim, publisher, answer, quotas } = await asked()

    const { messageId } = await publisher.send(answer)

    const [question, seen] = sim.conversation(oaId, 'lan')
    expect(seen).toMatchObject({ msgId: messageId, text, quoteMsgId: question?.msgId, fromOa: true })
    expect(answers(sim)).toHaveLength(1)
    expect(quotas).toEqual(['reply'])
  })

  it('a token that has ended is renewed once and the answer sent once more', async () => {
    const { sim, publisher, answer, store } = await asked()
    sim.endAccess(oaId)

    await publisher.send(answer)

    expect(answers(sim)).toEqual([text])
    expect(store.log).toEqual(['saved'])
  })

  it('a fresh token that is refused too stops the account', async () => {
    const { sim, publisher, answer } = await asked()
    sim.fail({ match: cs, how: how.refuse(-216), times: 2 })

    const error = await failure(publisher.send(answer))

    expect(error).toBeInstanceOf(NotSentError)
    expect(error.advice).toEqual({ do: 'stop', reason: 'zalo_oa_-216' })
    expect(answers(sim)).toEqual([])
  })

  it('without consent nothing is sent, and the account stops until a person has seen to it', async () => {
    const { sim, publisher, answer, store } = await asked()
    sim.endPairs(oaId)

    const error = await failure(publisher.send(answer))

    expect(error).toBeInstanceOf(NotSentError)
    expect(error).toMatchObject({ advice: { do: 'stop', reason: 'needs_consent' }, answered: false })
    expect(store.log).toEqual(['needs_consent -14020'])
  })
})

describe('Zalo says no', () => {
  it.each([
    [-32, NotSentError, 'wait', null],
    [-200, OutcomeUnknownError, 'go_on', null],
    [-201, RejectedError, 'go_on', null],
    [-209, NotSentError, 'stop', null],
    [-211, NotSentError, 'wait', null],
    [-213, RejectedError, 'go_on', 'person_unavailable'],
    [-218, NotSentError, 'wait', null],
    [-224, NotSentError, 'stop', null],
    [-227, RejectedError, 'go_on', 'person_unavailable'],
    [-230, RejectedError, 'go_on', 'outside_window'],
    [-232, RejectedError, 'go_on', 'outside_window'],
    [-244, RejectedError, 'go_on', 'person_unavailable'],
    [-320, RejectedError, 'go_on', 'outside_window'],
    [-99_999, RejectedError, 'go_on', null],
  ])('%i', async (code, kind, advice, reason) => {
    const { sim, publisher, answer } = await asked()
    sim.fail({ match: cs, how: how.refuse(code) })

    const error = await failure(publisher.send(answer))

    expect(error).toBeInstanceOf(kind)
    expect(error).toMatchObject({ advice: { do: advice }, reason, platformCode: String(code), answered: true })
  })

  it('too often, again and again: each pause is longer, until one goes through', async () => {
    const { sim, publisher, answer, clock } = await asked()
    const pauses: number[] = []
    const attempt = async (): Promise<void> => {
      sim.fail({ match: cs, how: how.refuse(-32) })
      const { advice } = await failure(publisher.send(answer))
      pauses.push(advice.do === 'wait' ? (advice.untilMs - clock.now) / 60_000 : 0)
    }

    for (let time = 0; time < 5; time += 1) await attempt()
    await publisher.send(answer)
    await attempt()

    expect(pauses).toEqual([5, 10, 20, 40, 40, 5])
  })
})

describe('no clear answer', () => {
  it.each([
    ['a reset before anything happened', how.resetBefore(), 'absent', false],
    ['a reset after the message was made', how.doneThenReset(), 'present', false],
    ['silence after the message was made', how.doneThenHang(), 'present', false],
    ['HTML after the message was made', how.doneThenHtml(), 'present', true],
    ['HTML and nothing done', how.html(), 'absent', true],
    ['a 500 with nothing in it', how.doneThenEmpty(), 'present', true],
    ['a code although the message was made', how.doneThenError(), 'present', true],
    ['success without an id', how.okWithoutId(), 'present', true],
  ])('%s: unknown, and the chat tells', async (_name, trouble, found, answered) => {
    const { sim, publisher, answer } = await asked({ callTimeoutMs: 1_000 })
    sim.fail({ match: cs, how: trouble })

    const error = await failure(publisher.send(answer))

    expect(error).toBeInstanceOf(OutcomeUnknownError)
    expect(error.answered).toBe(answered)
    expect(await publisher.findOwn(answer)).toMatchObject({ found })
    expect(answers(sim)).toHaveLength(found === 'present' ? 1 : 0)
  })

  it('nobody there: provably not sent, and nobody has looked', async () => {
    const { publisher, answer, sim } = await asked()
    await sim.stop()

    const error = await failure(publisher.send(answer))

    expect(error).toBeInstanceOf(NotSentError)
    expect(error).toMatchObject({ answered: false, advice: { do: 'wait' } })
    expect(await publisher.findOwn(answer)).toEqual({ found: 'not_now' })
    expect(answers(sim)).toEqual([])
  })

  it('no error shows a token, an address or the resident’s words', async () => {
    const { sim, publisher, answer, store } = await asked()
    const { accessToken, refreshToken } = store.held
    sim.fail({ match: cs, how: how.doneThenReset() })
    sim.endAccess(oaId)
    sim.fail({ match: { path: /access_token$/u }, how: how.refuseRefresh() })

    const shown = inspect(await failure(publisher.send(answer)), { depth: 10 })

    for (const secret of [accessToken, refreshToken, 'simulated-app-secret', 'Sáng thứ Hai', sim.url]) {
      expect(shown).not.toContain(secret)
    }
  })
})

describe('reading back', () => {
  it('the words count, not the order: another row of the same case is not this one', async () => {
    const { publisher, answer } = await asked()
    await publisher.send({ ...answer, text: 'Đã nhận ạ.\n\nMã: DH-7KM-3QP · 1' })

    expect(await publisher.findOwn({ ...answer, text: 'Sáng thứ Hai.\n\nMã: DH-7KM-3QP · 2' })).toEqual({
      found: 'absent',
    })
  })

  it('what the resident writes is never ours, be it word for word', async () => {
    const { sim, publisher, answer } = await asked()
    sim.say({ oaId, person: 'lan', text })

    expect(await publisher.findOwn(answer)).toEqual({ found: 'absent' })
  })

  it('a text without a mark is ours only when it was written after the claim', async () => {
    const { sim, publisher, answer, clock } = await asked()
    const unmarked = { ...answer, text: 'Xin chào.' }
    sim.officerTypes({ oaId, person: 'lan', text: 'Xin chào.' })
    clock.now += hour

    const before = await publisher.findOwn({ ...unmarked, claimedAt: new Date(clock.now) })
    await publisher.send(unmarked)
    const after = await publisher.findOwn({ ...unmarked, claimedAt: new Date(clock.now) })

    expect([before, after]).toMatchObject([{ found: 'absent' }, { found: 'present' }])
  })

  it('it is found behind what was said since', async () => {
    const { sim, publisher, answer } = await asked()
    const { messageId } = await publisher.send(answer)
    for (let time = 0; time < 25; time += 1) sim.say({ oaId, person: 'lan', text: 'Alo?' })

    expect(await publisher.findOwn(answer)).toEqual({ found: 'present', messageId })
  })

  it('so much said since that the list does not reach back: nobody knows', async () => {
    const { sim, publisher, answer } = await asked()
    for (let time = 0; time < 60; time += 1) sim.say({ oaId, person: 'lan', text: 'Alo?' })

    expect(await publisher.findOwn(answer)).toEqual({ found: 'unknowable' })
  })

  it('an empty list proves nothing, nor does a list that may not be read', async () => {
    const { sim, publisher, answer } = await asked()
    sim.fail({ match: { path: /conversation$/u }, how: how.answer(200, { error: 0, data: [] }) })

    const empty = await publisher.findOwn(answer)
    sim.settings.history = false
    const barred = await publisher.findOwn(answer)

    expect([empty, barred]).toEqual([{ found: 'unknowable' }, { found: 'unknowable' }])
  })

  it('a token that has ended is renewed for it as well; without consent nobody looks', async () => {
    const { sim, publisher, answer } = await asked()
    await publisher.send(answer)

    sim.endAccess(oaId)
    const renewed = await publisher.findOwn(answer)
    sim.endPairs(oaId)
    const ended = await publisher.findOwn(answer)

    expect([renewed, ended]).toMatchObject([{ found: 'present' }, { found: 'not_now' }])
  })
})

describe('a picture', () => {
  const fileId = newId(FileId, new Date())
  const openPicture = async () => ({ data: Buffer.alloc(64), name: 'ban-do.png', width: 8, height: 8 })
  const withPicture = (answer: OutboundMessage): OutboundMessage => ({ ...answer, kind: 'file', fileId })

  it('is brought to Zalo first and shown by one message', async () => {
    const { sim, publisher, answer } = await asked({ openPicture })

    await publisher.send(withPicture(answer))

    expect(sim.conversation(oaId, 'lan').at(-1)).toMatchObject({ text, attachments: [{ type: 'image' }] })
  })

  it('whose upload got no answer was seen by nobody', async () => {
    const { sim, publisher, answer } = await asked({ openPicture })
    sim.fail({ match: { path: /upload\/image$/u }, how: how.doneThenReset() })

    expect(await failure(publisher.send(withPicture(answer)))).toBeInstanceOf(NotSentError)
    expect(answers(sim)).toEqual([])
  })

  it.each([
    ['that is gone', async () => null, 'no_picture'],
    ['of two MiB', async () => ({ ...(await openPicture()), data: Buffer.alloc(2 ** 21) }), 'picture_not_taken'],
    [
      'of a kind that Zalo does not take',
      async () => ({ ...(await openPicture()), name: 'a.webp' }),
      'picture_not_taken',
    ],
  ])('%s is refused before anything is sent', async (_name, open, code) => {
    const { publisher, answer, sim } = await asked({ openPicture: open })

    const error = await failure(publisher.send(withPicture(answer)))

    expect(error).toBeInstanceOf(RejectedError)
    expect(error).toMatchObject({ platformCode: code, answered: false })
    expect(sim.log.filter(({ kind }) => kind === 'call')).toEqual([])
  })
})

describe('what an Official Account cannot do', () => {
  it.each([
    ['no text', { text: ' \n' }, 'empty_text'],
    ['2,001 characters', { text: 'a'.repeat(2_001) }, 'text_too_long'],
    ['an address of another platform', { address: { type: 'messenger', psid: '1' } }, 'bad_address'],
    ['an edit', { kind: 'edit' as const }, 'not_possible'],
    ['a private reply', { kind: 'private_reply' as const }, 'not_possible'],
  ])('%s is refused and stands nowhere', async (_name, change, code) => {
    const { publisher, answer, sim } = await asked()

    const error = await failure(publisher.send({ ...answer, ...change }))

    expect(error).toBeInstanceOf(RejectedError)
    expect(error.platformCode).toBe(code)
    expect(sim.log.filter(({ kind }) => kind === 'call')).toEqual([])
  })
})
