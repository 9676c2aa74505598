import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Listener } from '../../../bots/listener.ts'
import type { InboundEvent } from '../../../src/intake/event.ts'
import { NotSentError, OutcomeUnknownError, type Publisher, RejectedError } from '../../../src/outbox/publisher.ts'
import { until } from '../../support/until.ts'
import { type MemorySink, newStage, outbound, type Stage } from './stage.ts'

let stage: Stage
let sink: MemorySink
let publisher: Publisher
let listener: Listener
beforeEach(async () => {
  stage = await newStage()
  ;({ sink, publisher, listener } = await stage.open())
})
afterEach(() => stage.close())

/** A question in the group as the office has it, ready to be answered. */
async function question(text = 'Bao giờ có nước?', more: Parameters<Stage['say']>[1] = {}): Promise<InboundEvent> {
  const id = stage.say(text, more)
  return until(() => sink.events.find(({ messageId }) => messageId === id))
}

const addressOf = ({ address }: InboundEvent): NonNullable<InboundEvent['address']> => address ?? {}

function posted(): { text: string; quote: string | null }[] {
  return stage.sim.log.flatMap((entry) => (entry.what === 'posted' ? [{ text: entry.text, quote: entry.quote }] : []))
}

const never = (): boolean => false
const isRefused = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof Error && 'code' in error.cause && error.cause.code === 'ECONNREFUSED'

async function failure(sending: Promise<unknown>): Promise<unknown> {
  return sending.then(
    () => 'sent',
    (error: unknown) => error,
  )
}

describe('a sign', () => {
  it('is put under the question, once, and the account’s own event tells that it stands', async () => {
    const asked = await question()

    await publisher.send({ ...outbound(addressOf(asked), '👍'), kind: 'reaction', targetId: asked.messageId })

    const own = await until(() => sink.events.find(({ kind }) => kind === 'reaction'))
    expect(own).toMatchObject({ messageId: asked.messageId, author: { id: stage.uid }, text: '/-strong' })
    expect(posted()).toEqual([])
    const [seen] = stage.sim.conversation({ group: stage.groupId }).slice(-1)
    expect(seen?.reactions).toMatchObject([{ by: { account: stage.uid }, icon: '/-strong' }])
  })

  it('that Zalo does not know, or under nothing, is refused before anything is sent', async () => {
    const asked = await question()
    const calls = stage.sim.log.filter(({ what }) => what === 'call').length

    const unknown = { ...outbound(addressOf(asked), '🙏'), kind: 'reaction' } as const
    const nowhere = { ...outbound({ type: 'group', groupId: '1' }, '👍'), kind: 'reaction' } as const

    expect(await failure(publisher.send(unknown))).toBeInstanceOf(RejectedError)
    expect(await failure(publisher.send(nowhere))).toBeInstanceOf(RejectedError)
    expect(stage.sim.log.filter(({ what }) => what === 'call')).toHaveLength(calls)
  })
})

describe('an answer', () => {
  it('in a group quotes the question, mentions the asker and comes back as an echo', async () => {
    const asked = await question()

    const { messageId } = await publisher.send(outbound(addressOf(asked), 'Chiều nay có nước ạ. Mã: DH-7KM-3QP · 1'))

    const [seen] = stage.sim.conversation({ group: stage.groupId }).slice(-1)
    expect(seen).toMatchObject({
      msgId: messageId,
      text: '@Nguyễn Thị Lan Chiều nay có nước ạ. Mã: DH-7KM-3QP · 1',
      quote: { msgId: asked.messageId, text: 'Bao giờ có nước?' },
      mentions: [{ who: { person: stage.lan }, pos: 0, len: 15 }],
    })
    await until(() => sink.events.some((event) => event.kind === 'echo' && event.messageId === messageId))
    expect(sink.texts('echo')).toEqual(['@Nguyễn Thị Lan Chiều nay có nước ạ. Mã: DH-7KM-3QP · 1'])
  })

  it('that names the asker already mentions that name', async () => {
    const asked = await question()

    await publisher.send(outbound(addressOf(asked), 'Kính gửi @Nguyễn Thị Lan: chiều nay ạ.'))

    const [seen] = stage.sim.conversation({ group: stage.groupId }).slice(-1)
    expect(seen).toMatchObject({ text: 'Kính gửi @Nguyễn Thị Lan: chiều nay ạ.', mentions: [{ pos: 9, len: 15 }] })
  })

  it.each([
    ['a photo', { photo: {} }],
    ['a file', { file: { name: 'don.pdf' } }],
    ['a sticker', { sticker: true }],
  ])('to %s in a group quotes it', async (_what, more) => {
    const asked = await question('ảnh đây', more)

    await publisher.send(outbound(addressOf(asked), 'Đã nhận'))

    expect(posted().at(-1)?.quote).toBe(asked.messageId)
  })

  it('to one person goes to that person and quotes', async () => {
    stage.sim.say({ account: stage.uid, person: stage.lan, text: 'TL 3F9: xong' })
    const asked = await until(() => sink.events[0])

    await publisher.send(outbound(addressOf(asked), 'Đã ghi nhận'))

    expect(stage.sim.conversation({ account: stage.uid, person: stage.lan }).at(-1)).toMatchObject({
      text: 'Đã ghi nhận',
      quote: { msgId: asked.messageId },
    })
  })

  it('without a quote is sent plainly to the kind of thread its address names', async () => {
    const { address } = await question()
    const groupId = String(address?.groupId)

    await publisher.send(outbound({ type: 'group', groupId }, 'Thông báo'))
    await publisher.send(outbound({ type: 'user', uid: stage.sim.uidOf(stage.lan, stage.uid) }, 'Riêng'))

    const paths = stage.sim.log.flatMap((entry) => (entry.what === 'call' ? [entry.path] : []))
    expect(paths).toEqual(['/api/group/sendmsg', '/api/message/sms'])
  })

  it('of the greatest length goes out, without the mention for which there is no room', async () => {
    const asked = await question()
    const text = 'ă'.repeat(2_000)

    await publisher.send(outbound(addressOf(asked), text))

    expect(posted().at(-1)?.text).toBe(text)
  })

  it('waits for the one before: twenty at once carry twenty different numbers', async () => {
    const asked = await question()

    await Promise.all(
      Array.from({ length: 20 }, (_, index) => publisher.send(outbound(addressOf(asked), `trả lời ${index}`))),
    )

    const clientIds = stage.sim.log.flatMap((entry) => (entry.what === 'posted' ? [entry.cliMsgId] : []))
    expect(new Set(clientIds).size).toBe(20)
    expect(posted().map(({ text }) => text.split(' ').at(-1))).toEqual(Array.from({ length: 20 }, (_, i) => String(i)))
  })
})

describe('a refusal', () => {
  it.each([
    [114, RejectedError, 'go_on'],
    [122, RejectedError, 'go_on'],
    [123, RejectedError, 'wait'],
    [221, NotSentError, 'wait'],
    [-69, NotSentError, 'wait'],
    [216, RejectedError, 'go_on'],
    [215, RejectedError, 'go_on'],
    [222, RejectedError, 'go_on'],
    [225, RejectedError, 'go_on'],
    [600, NotSentError, 'wait'],
    [102, NotSentError, 'wait'],
    [7777, OutcomeUnknownError, 'go_on'],
  ])('with code %i', async (code, kind, advice) => {
    const asked = await question()
    stage.sim.failCalls({ call: 'send', do: 'code', code })

    const error = await failure(publisher.send(outbound(addressOf(asked), 'x')))

    expect(error).toBeInstanceOf(kind)
    expect(error).toMatchObject({ platformCode: String(code), answered: true, advice: { do: advice } })
    expect(posted()).toEqual([])
  })

  it.each([
    [404, NotSentError, { do: 'stop', reason: 'zalo_http_404' }],
    [429, NotSentError, { do: 'wait' }],
    [403, NotSentError, { do: 'wait' }],
    [400, RejectedError, { do: 'go_on' }],
    [500, OutcomeUnknownError, { do: 'go_on' }],
    [502, OutcomeUnknownError, { do: 'go_on' }],
  ])('with status %i', async (status, kind, advice) => {
    const asked = await question()
    stage.sim.failCalls({ call: 'send', do: 'http', status })

    const error = await failure(publisher.send(outbound(addressOf(asked), 'x')))

    expect(error).toBeInstanceOf(kind)
    expect(error).toMatchObject({ platformCode: `http_${status}`, advice })
  })

  it.each(['hang', 'posted-hang', 'reset', 'posted-reset', 'posted-500'] as const)(
    'a send that meets "%s" has an unknown outcome and is not repeated',
    async (fault) => {
      const asked = await question()
      if (fault.endsWith('hang')) {
        await listener.stop()
        ;({ publisher } = await stage.open({ waits: { callTimeoutMs: 1_000 } }))
      }
      stage.sim.failCalls({ call: 'send', do: fault })

      const error = await failure(publisher.send(outbound(addressOf(asked), 'x')))

      expect(error).toBeInstanceOf(OutcomeUnknownError)
      expect(posted()).toHaveLength(fault.startsWith('posted') ? 1 : 0)
    },
  )

  it('each further "too often" makes the pause longer, a success makes it short again', async () => {
    const asked = await question()
    const pauseAfter = async (): Promise<number> => {
      stage.sim.failCalls({ call: 'send', do: 'code', code: -69 })
      const error = await failure(publisher.send(outbound(addressOf(asked), 'x')))
      if (!(error instanceof NotSentError) || error.advice.do !== 'wait') throw new Error('expected a pause')
      return Math.round((error.advice.untilMs - Date.now()) / 60_000)
    }

    expect([await pauseAfter(), await pauseAfter(), await pauseAfter()]).toEqual([15, 30, 60])
    await publisher.send(outbound(addressOf(asked), 'được rồi'))
    expect(await pauseAfter()).toBe(15)
  })

  it('what could not arrive as it is meant never leaves', async () => {
    const { address } = await question()
    const cases = [
      outbound({ type: 'nhom', groupId: '1' }, 'x'),
      outbound({ groupId: '1' }, 'x'),
      outbound(address ?? {}, '  '),
      outbound(address ?? {}, 'x'.repeat(2_001)),
    ]

    const codes = await Promise.all(cases.map(async (message) => failure(publisher.send(message))))

    expect(codes).toMatchObject([
      { code: 'rejected', platformCode: 'bad_address', answered: false },
      { code: 'rejected', platformCode: 'bad_address', answered: false },
      { code: 'rejected', platformCode: 'empty_text', answered: false },
      { code: 'rejected', platformCode: 'text_too_long', answered: false },
    ])
    expect(posted()).toEqual([])
  })
})

describe('the account', () => {
  it('whose session is over says so once the login has failed too', async () => {
    const asked = await question()
    stage.sim.killSessions({ socket: 'keep' })

    const first = await failure(publisher.send(outbound(addressOf(asked), 'x')))
    await until(() => sink.state() === 'needs_qr')
    const second = await failure(publisher.send(outbound(addressOf(asked), 'x')))

    expect(first).toMatchObject({ code: 'not_sent', platformCode: '600', advice: { do: 'wait' } })
    expect(second).toMatchObject({
      code: 'not_sent',
      platformCode: 'session_dead',
      answered: false,
      advice: { do: 'stop', reason: 'needs_qr' },
    })
  })

  it('whose session was refused once sends again after the login', async () => {
    const asked = await question()
    stage.sim.failCalls({ call: 'send', do: 'code', code: 600 })
    await failure(publisher.send(outbound(addressOf(asked), 'x')))
    await until(() => stage.socketsOpened() === 2, { what: 'the new login is in use' })

    await publisher.send(outbound(addressOf(asked), 'gửi lại'))

    expect(posted().map(({ text }) => text)).toEqual(['@Nguyễn Thị Lan gửi lại'])
  })

  it('that is not logged in yet, or cannot be reached, has sent nothing', async () => {
    const asked = await question()
    const unreachable = await stage.open({ simUrl: 'http://127.0.0.1:9', settled: false })

    const error = await failure(unreachable.publisher.send(outbound(addressOf(asked), 'x')))

    expect(error).toMatchObject({ code: 'not_sent', platformCode: 'not_logged_in', answered: false })
    await stage.sim.stop()
    // A connection that was kept for later calls is found closed only after a moment.
    await until(() => fetch(stage.sim.url).then(never, isRefused), { what: 'Zalo is known to be away' })
    const later = await failure(publisher.send(outbound(addressOf(asked), 'x')))
    expect(later).toMatchObject({ code: 'not_sent', platformCode: 'ECONNREFUSED', answered: false })
  })

  it('sends while its socket is away, and cannot look for what it has sent', async () => {
    const asked = await question()
    stage.sim.terminate(stage.uid)

    const message = outbound(addressOf(asked), 'vẫn gửi được')
    await publisher.send(message)

    expect(posted()).toHaveLength(1)
    expect(publisher.capabilities).toEqual({ readBack: false, quote: true, maxTextChars: 2_000 })
    expect(await publisher.findOwn(message)).toEqual({ found: 'unknowable' })
  })
})
