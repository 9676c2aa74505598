import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { setWebhook } from '../../../bots/zalo-bot/api.ts'
import { how } from '../../../sim/zalo-bot/how.ts'
import { until } from '../../support/until.ts'
import { type BotStage, MemorySink, newBotStage } from './stage.ts'

let stage: BotStage
let sink: MemorySink
beforeEach(async () => {
  stage = await newBotStage()
  sink = new MemorySink()
})
afterEach(() => stage.close())

const asking = () => until(() => stage.sim.askingFor(stage.bot) === 1, { what: 'a question for updates' })
const polls = () => stage.sim.log.filter((entry) => entry.kind === 'call' && entry.method === 'getUpdates').length

describe('the poller', () => {
  it('keeps what people write, byte for byte and in order, and says that it is connected', async () => {
    stage.say('một')
    stage.say('hai')
    stage.poll(sink)
    await until(() => sink.deliveries.length === 2, { what: 'both messages' })
    stage.say('ba')

    await until(() => sink.deliveries.length === 3, { what: 'the third message' })
    expect(sink.texts).toEqual(['một', 'hai', 'ba'])
    expect(sink.deliveries.map(({ accountExternalId }) => accountExternalId)).toEqual([stage.bot, stage.bot, stage.bot])
    expect(sink.states).toEqual([{ state: 'connected', reason: 'polling' }])
  })

  it('an idle wait is followed by the next one', async () => {
    stage.poll(sink, { pollMs: 10 })

    await until(() => polls() >= 3, { what: 'three questions' })
    expect(stage.logs.filter(({ level }) => level !== 'info')).toEqual([])
  })

  it('asks for nothing more while an update cannot be kept, and loses none of them', async () => {
    sink.down = true
    stage.say('một')
    stage.say('hai')
    stage.poll(sink)
    await until(() => sink.refusals >= 3, { what: 'a store that refuses' })
    const handed = stage.sim.log.filter((entry) => entry.kind === 'handed').length
    expect(handed + stage.sim.waitingFor(stage.bot)).toBe(2)
    expect(handed).toBe(1)

    sink.down = false
    await until(() => sink.deliveries.length === 2, { what: 'both messages' })
    expect(sink.texts).toEqual(['một', 'hai'])
  })

  it('told to stop, it still keeps the update in its hands', async () => {
    sink.down = true
    stage.say('một')
    const listener = stage.poll(sink)
    await until(() => sink.refusals >= 1, { what: 'a store that refuses' })

    const stopped = listener.stop()
    sink.down = false
    await stopped

    expect(sink.texts).toEqual(['một'])
  })

  it('an update that cannot be kept until the end is spoken of', async () => {
    sink.down = true
    stage.say('một')
    const listener = stage.poll(sink, { closeMs: 10 })
    await until(() => sink.refusals >= 1, { what: 'a store that refuses' })

    await listener.stop()

    expect(stage.logs.at(-1)).toMatchObject({ level: 'error', fields: { lost: 1 } })
  })

  it('what is handed out while the program ends is kept', async () => {
    const listener = stage.poll(sink, { probeMs: 60_000, closeMs: 60_000 })
    await asking()

    const stopped = listener.stop()
    stage.say('vừa kịp')
    await stopped

    expect(sink.texts).toEqual(['vừa kịp'])
    expect(stage.sim.waitingFor(stage.bot)).toBe(0)
  })

  it('what cannot be read is kept as it came: nobody would ever get it again', async () => {
    const bare = JSON.stringify({ event_name: 'message.text.received', message: {} })
    for (const body of [bare, '{"ok":true,"result":{"event_na', '<html>'])
      stage.sim.failCalls({ how: how.answer(200, body) })
    stage.say('một')
    stage.poll(sink)

    await until(() => sink.texts.includes('một'), { what: 'the message after them' })
    expect(sink.deliveries.slice(0, 3).map(({ body }) => body.toString())).toEqual([
      bare,
      '{"ok":true,"result":{"event_na',
      '<html>',
    ])
  })

  it('a wait is ended by stopping, and what is written later stays with the platform', async () => {
    const listener = stage.poll(sink, { closeMs: 10 })
    await asking()

    await listener.stop()
    await until(() => stage.sim.askingFor(stage.bot) === 0, { what: 'the end of the question' })
    stage.say('sau')

    expect(stage.sim.waitingFor(stage.bot)).toBe(1)
    expect(sink.deliveries).toEqual([])
  })

  it.each([
    ['resets', how.resetBefore()],
    ['HTML', how.html(502)],
    ['failures inside', how.refuse(403)],
    ['answers that are no JSON', how.answer(503, '{')],
  ])('%s are sat out', async (_what, trouble) => {
    stage.sim.failCalls({ times: 4, how: trouble })
    stage.say('một')
    stage.poll(sink)

    await until(() => sink.deliveries.length === 1, { what: 'the message' })
    await until(() => sink.states.at(-1)?.state === 'connected', { what: 'the connection' })
    expect(sink.states.map(({ state }) => state)).toEqual(['reconnecting', 'connected'])
  })

  it('an endless answer is cut, and asked for again', async () => {
    stage.sim.failCalls({ how: how.hangBefore() })
    stage.say('một')
    stage.poll(sink, { pollGraceMs: 100 })

    await until(() => sink.deliveries.length === 1, { what: 'the message' })
  })

  it('a token that was reset is told to a person, and looked at again', async () => {
    stage.sim.failCalls({ times: 3, how: how.refuse(401) })
    stage.poll(sink)

    await until(() => sink.states.length === 2, { what: 'both states' })
    expect(sink.states).toEqual([
      { state: 'suspended', reason: 'poll_401' },
      { state: 'connected', reason: 'polling' },
    ])
  })

  it('a webhook that somebody set is left alone and told, until it is gone', async () => {
    await setWebhook(stage.access, { url: 'http://127.0.0.1:9/x', secret: 'mot-bi-mat-du-dai' }, 5_000)
    stage.poll(sink)
    await until(() => sink.states.at(-1)?.state === 'evicted', { what: 'the state' })
    expect(stage.sim.bots()).toMatchObject([{ webhook: 'http://127.0.0.1:9/x' }])

    await fetch(`${stage.sim.url}/bot${stage.access.token}/deleteWebhook`, { method: 'POST', body: '{}' })

    await until(() => sink.states.at(-1)?.state === 'connected', { what: 'the connection' })
  })

  it('no token, no address and no words reach the log', async () => {
    stage.sim.failCalls({ times: 4, how: how.html(502) })
    stage.say('điều chị Hoa viết')
    stage.poll(sink)
    await until(() => sink.deliveries.length === 1, { what: 'the message' })

    const lines = JSON.stringify(stage.logs)
    expect(lines).toContain('updates could not be fetched')
    for (const secret of [
      stage.access.token.split(':')[1] ?? '',
      `bot${stage.bot}`,
      'điều chị Hoa viết',
      'Phan Thị Hoa',
    ]) {
      expect(lines).not.toContain(secret)
    }
  })
})
