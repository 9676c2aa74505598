import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { listen } from '../../../bots/zalo/listener.ts'
import type { SocketHandlers, ZaloConnection } from '../../../bots/zalo/zca.ts'
import { until } from '../../support/until.ts'
import { fixture } from './fixtures.ts'
import { MemorySink, newStage, quickWaits, type Stage } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await newStage()
})
afterEach(() => stage.close())

/** Four bytes of header, then whatever comes. */
function frame(cmd: number, body: string | Buffer, { version = 1, sub = 0 } = {}): Buffer {
  const header = Buffer.from([version, cmd & 0xff, cmd >> 8, sub])
  return Buffer.concat([header, Buffer.from(body)])
}
const sealed = (kind: unknown, data: unknown): string => JSON.stringify({ encrypt: kind, data })
const unreadable = (): number =>
  stage.logs.filter(({ sentence }) => sentence.startsWith('a frame of Zalo could not be read')).length

describe('a frame that makes no sense', () => {
  it.each<[string, Buffer]>([
    ['of one byte', Buffer.from([1])],
    ['of three bytes', Buffer.from([1, 9, 2])],
    ['whose body is no JSON', frame(521, '{"encrypt":2,"data":')],
    ['whose body is no UTF-8', frame(521, Buffer.from([0xff, 0xfe, 0x7b]))],
    ['that is null', frame(521, 'null')],
    ['that is a number', frame(501, '7')],
    ['that is a list', frame(521, '[]')],
    ['without a seal', frame(521, '{}')],
    ['sealed in a kind that does not exist', frame(521, sealed(9, 'AAAA'))],
    ['sealed in no kind', frame(521, sealed('two', 'AAAA'))],
    ['whose seal holds nothing', frame(521, sealed(2, null))],
    ['whose seal is no base64', frame(521, sealed(2, '%%%'))],
    [
      'whose seal is rubbish',
      frame(521, sealed(2, 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')),
    ],
    ['compressed rubbish', frame(501, sealed(1, 'AAAAAAAA'))],
    ['in the clear without data', frame(521, sealed(0, '{}'))],
    ['in the clear with data that is no list', frame(521, sealed(0, '{"data":{"groupMsgs":7}}'))],
    ['in the clear with an element that is null', frame(521, sealed(0, '{"data":{"groupMsgs":[null]}}'))],
    ['in the clear with a text in place of an element', frame(501, sealed(0, '{"data":{"msgs":["x"]}}'))],
    ['whose content is null', frame(501, sealed(0, '{"data":{"msgs":[{"content":null}]}}'))],
    ['old messages that are none', frame(511, sealed(0, '{"data":{"groupMsgs":[null]}}'), { sub: 1 })],
    ['an announcement that is none', frame(601, sealed(0, '{"data":{"controls":[{}]}}'))],
    ['nested beyond reason', frame(521, sealed(0, `{"data":${'['.repeat(20_000)}${']'.repeat(20_000)}}`))],
  ])('%s is counted, and nothing after it is lost', async (_what, bytes) => {
    const { sink } = await stage.open()

    stage.sim.pushBytes(stage.uid, bytes)
    stage.say('vẫn nghe')

    await until(() => sink.texts().includes('vẫn nghe'))
    await until(() => unreadable() > 0 || sink.ignored.length > 0, { what: 'the frame is counted' })
    expect(stage.socketsOpened()).toBe(1)
  })

  it('an empty body, or a command nobody knows, disturbs nobody', async () => {
    const { sink } = await stage.open()

    stage.sim.pushBytes(stage.uid, frame(521, ''))
    stage.sim.pushBytes(stage.uid, frame(60_000, 'not even JSON'))
    stage.say('vẫn nghe')

    await until(() => sink.texts().includes('vẫn nghe'))
    await until(() => stage.logs.some(({ fields }) => 'cmd' in fields && fields.cmd === 60_000))
    expect(stage.socketsOpened()).toBe(1)
  })

  it('hundreds of them in a row neither end the process nor ask for old messages each', async () => {
    const { sink } = await stage.open()
    const asked = (): number => stage.sim.log.filter((e) => e.what === 'socket' && e.step === 'backfill').length
    const before = asked()

    for (let n = 0; n < 300; n += 1) stage.sim.pushBytes(stage.uid, frame(521, `{"rác":${n}`))
    stage.say('vẫn nghe')

    await until(() => sink.texts().includes('vẫn nghe') && unreadable() === 300)
    expect(asked() - before).toBeLessThan(100)
  })
})

it('bytes that are no websocket’s end the connection and not the process: a new one catches up', async () => {
  const { sink } = await stage.open()

  stage.sim.garble(stage.uid)
  stage.say('trong lúc đó')

  await until(() => stage.socketsOpened() === 2 && sink.texts().includes('trong lúc đó'))
  expect(sink.states).toContainEqual({ state: 'reconnecting', reason: 'closed_1006' })
})

describe('a message before the key', () => {
  it('cannot be read, and comes with the old messages', async () => {
    const { sink } = await stage.open()
    stage.sim.settings.keyDelayMs = 200
    const sockets = stage.socketsOpened()
    stage.sim.terminate(stage.uid)
    await until(() => stage.socketsOpened() > sockets)

    stage.say('tới trước khóa')

    await until(() => sink.texts().includes('tới trước khóa'))
    expect(unreadable()).toBeGreaterThan(0)
    expect(sink.deliveries.at(-1)?.lane).toBe('backfill')
  })
})

describe('a message that is huge', () => {
  it.each<[string, string]>([
    ['20,000 characters', 'ạ'.repeat(20_000)],
    ['a megabyte', 'Đường hỏng 🛣️ '.repeat(50_000)],
  ])('%s are kept whole, live and among old messages', async (_what, text) => {
    const { sink } = await stage.open()

    stage.say(text)
    stage.say('sau đó')

    await until(() => sink.texts().length === 2)
    expect(sink.texts().toSorted()).toEqual([text, 'sau đó'].toSorted())
    const { sink: later } = await stage.open({ sink: new MemorySink() })
    expect(later.texts().toSorted()).toEqual([text, 'sau đó'].toSorted())
  })
})

describe('what json-bigint makes', () => {
  it('numbers of 19 digits are whole, and objects without a prototype are written down like others', async () => {
    const { sink } = await stage.open()
    const element = {
      ...{
        msgId: 'N7000000000000000001',
        cliMsgId: '1788885540001',
        uidFrom: 'N4000000000000000001',
        idTo: 'N9000000000000000001',
      },
      ...{ msgType: 'webchat', dName: 'Nguyễn Thị Lan', ts: '1788885540001', content: 'Bao giờ có điện?', ttl: 0 },
      quote: {
        ownerId: 'N4000000000000000002',
        globalMsgId: 'N7000000000000000002',
        cliMsgId: 1,
        ts: 1,
        msg: '',
        attach: '',
      },
      ...{ hasOwnProperty: 'x', toString: 'x' },
    }
    const text = JSON.stringify({ data: { groupMsgs: [element] } }).replace(/"N(\d+)"/g, '$1')

    stage.sim.push(stage.uid, { cmd: 521, text })

    await until(() => sink.texts().includes('Bao giờ có điện?'))
    expect(sink.events.at(-1)).toMatchObject({
      messageId: '7000000000000000001',
      quotedMessageId: '7000000000000000002',
      author: { id: '4000000000000000001' },
      place: { kind: 'group', id: '9000000000000000001' },
    })
  })
})

describe('a handler that throws', () => {
  it('over what cannot be copied costs that alone: its neighbours are kept', async () => {
    const sink = new MemorySink()
    const errors: string[] = []
    let handlers: SocketHandlers | null = null
    const connection: ZaloConnection = {
      uid: stage.uid,
      session: () => ({ v: 1, uid: stage.uid, imei: '', userAgent: '', language: 'vi', cookies: [] }),
      sendText: async () => null,
      sendPicture: async () => null,
      react: async () => {},
      readGroups: async () => [],
      keepAlive: async () => {},
      listen: (to) => {
        handlers = to
      },
      open: () => true,
      close: () => handlers?.closed(1000),
      cut: () => handlers?.closed(1006),
      ping: () => {},
      bytesRead: () => 0,
      requestOldMessages: () => {},
    }
    const log = { info: () => {}, warn: () => {}, error: (_: object, sentence: string) => void errors.push(sentence) }
    const { listener, supervisor } = listen({
      login: async () => connection,
      uid: () => stage.uid,
      sink,
      waits: quickWaits,
      clock: () => new Date(),
      random: () => 0.5,
      log,
    })
    supervisor.start()
    const open = await until(() => handlers)
    open.opened()
    const circle: Record<string, unknown> = {}
    circle.self = circle
    const good = JSON.parse(fixture('zca-01-group-text').body.wire_text.replace(/:(\d{16,})/g, ':"$1"')).data
      .groupMsgs[0]
    const message = { type: 1, threadId: '9', isSelf: false, data: good }

    open.event('message', circle)
    open.event('message', { type: 1, data: 1n })
    open.event('message', undefined)
    open.event('message', message)
    open.oldMessages('group', [circle, { ...message, data: { ...good, msgId: '77' } }, null])

    await until(() => sink.texts().length === 2)
    expect(errors.filter((sentence) => sentence === 'what Zalo sent could not be written down')).toHaveLength(4)
    await listener.stop()
  })
})

it('the library prints nothing of what people write, and asks no registry for updates', async () => {
  const said = vi.spyOn(console, 'log').mockImplementation(() => {})
  const { sink } = await stage.open()
  stage.say('Chuyện riêng của xóm')
  await until(() => sink.texts().length === 1)

  expect(said.mock.calls).toEqual([])
  said.mockRestore()
  expect(stage.sim.log.filter(({ what }) => what === 'unmapped')).toEqual([])
})

it('nothing asks for the history of a group, which Zalo has removed', async () => {
  const { listener, sink } = await stage.open()
  stage.sim.failDeliveries({ do: 'lose' })
  stage.say('bị lạc')
  listener.requestBackfill()
  await until(() => sink.texts().includes('bị lạc'))

  const paths = stage.sim.log.flatMap((entry) => (entry.what === 'call' ? [entry.path] : []))
  expect(paths.filter((path) => path.includes('history'))).toEqual([])
})
