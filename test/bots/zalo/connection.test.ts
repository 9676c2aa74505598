import { createServer, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readSession, writeSession } from '../../../bots/zalo/session.ts'
import { freePort } from '../../support/free-port.ts'
import { until } from '../../support/until.ts'
import { MemorySink, newStage, type Stage } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await newStage()
})
afterEach(() => stage.close())

describe('a connection that breaks', () => {
  it('1006: reconnects with the same login, catches up and goes on receiving', async () => {
    const { sink } = await stage.open()
    stage.sim.failDeliveries({ do: 'lose' })
    stage.say('trong lúc mất mạng')

    stage.sim.terminate(stage.uid)

    await until(() => sink.caughtUps.length === 2)
    stage.say('sau đó')
    await until(() => sink.texts().includes('sau đó'))
    expect(sink.texts()).toContain('trong lúc mất mạng')
    expect(stage.logins()).toBe(1)
    expect(sink.states.map(({ state, reason }) => [state, reason])).toEqual([
      ['connected', 'opened'],
      ['reconnecting', 'closed_1006'],
      ['connected', 'opened'],
    ])
  })

  it('ten breaks in a row lose nothing, and no two sockets of ours ever meet', async () => {
    const { sink } = await stage.open()
    for (let round = 0; round < 10; round += 1) {
      stage.say(`tin ${round}`)
      await until(() => stage.sim.terminate(stage.uid))
      stage.say(`giữa ${round}`)
      await until(() => sink.caughtUps.length >= round + 2)
    }

    await until(() => sink.distinct().length === 20)
    const openings = stage.sim.log.filter((entry) => entry.what === 'socket' && entry.step === 'open')
    expect(openings.every((entry) => 'detail' in entry && entry.detail === '')).toBe(true)
  })

  it('a half-open link is noticed by its silence', async () => {
    stage.sim.settings.pingIntervalMs = 20
    const { sink } = await stage.open({ waits: { probeMs: 20, silentMs: 400 } })
    const pinged = stage.logs.length
    await libraryPinged(4)
    stage.sim.drop(stage.uid)
    stage.say('không tới')

    await until(() => sink.texts().includes('không tới'))
    expect(stage.socketsOpened()).toBe(2)
    expect(stage.logs.slice(pinged).map(({ sentence }) => sentence)).toContain(
      'the connection to Zalo is silent and is cut',
    )
  })

  it('a quiet link that answers pings is left alone', async () => {
    stage.sim.settings.pingIntervalMs = 20
    await stage.open({ waits: { probeMs: 20, silentMs: 400 } })

    await libraryPinged(30)

    expect(stage.socketsOpened()).toBe(1)
  })

  it('questions for old messages that are never answered end in a new connection', async () => {
    const { sink, listener } = await stage.open({ waits: { backfillAnswerMs: 500, backfillTries: 2 } })
    stage.sim.drop(stage.uid)

    listener.requestBackfill()

    await until(() => sink.caughtUps.length === 2)
    expect(stage.socketsOpened()).toBe(2)
  })

  it('several failures in a row lead to a full login, which takes a new cookie header along', async () => {
    const { sink } = await stage.open({ waits: { steadyMs: 60_000, attemptsBeforeLogin: 2 } })
    stage.sim.terminate(stage.uid)
    await until(() => sink.caughtUps.length === 2)

    stage.sim.terminate(stage.uid)

    await until(() => sink.caughtUps.length === 3)
    expect(stage.logins()).toBe(2)
  })

  /** The library's own pings, which nobody answers, tell how long the link has been up. */
  async function libraryPinged(times: number): Promise<void> {
    await until(() => (stage.sim.connections()[0]?.pings ?? 0) >= times)
  }
})

describe('an eviction', () => {
  it.each([
    ['3000, another connection', (): boolean => stage.sim.evict(stage.uid), 3000],
    ['3003, thrown out', (): boolean => stage.sim.kick(stage.uid), 3003],
  ])('%s: comes back, and the second time a person is told', async (_what, strike, code) => {
    const { sink } = await stage.open({ waits: { evictedWaitMs: 80 } })
    strike()
    await until(() => sink.caughtUps.length === 2)

    strike()

    await until(() => sink.states.some(({ state }) => state === 'evicted'))
    expect(sink.states.slice(0, 4)).toEqual([
      { state: 'connected', reason: 'opened' },
      { state: 'reconnecting', reason: `evicted_${code}` },
      { state: 'connected', reason: 'opened' },
      { state: 'evicted', reason: `evicted_${code}` },
    ])
    await until(() => sink.state() === 'connected')
    expect(stage.logins()).toBe(1)
  })

  it('a second program with the same session is not fought', async () => {
    const first = await stage.open({ waits: { evictedWaitMs: 60_000 } })
    await stage.open()

    await until(() => first.sink.state() === 'reconnecting')
    stage.say('một người nghe')
    expect(stage.socketsOpened()).toBe(2)
  })
})

describe('a session', () => {
  it('that is over at the start asks for a new QR login and never opens a socket', async () => {
    stage.sim.killSessions()
    const { sink, listener } = await stage.open({ settled: false })

    await until(() => sink.state() === 'needs_qr')
    expect(sink.states).toEqual([{ state: 'needs_qr', reason: 'session_dead_102' }])
    expect(stage.socketsOpened()).toBe(0)
    await listener.stop()
  })

  it('that ends while connected asks for a new QR login, without waiting out the eviction', async () => {
    const { sink } = await stage.open({ waits: { evictedWaitMs: 60_000 } })

    stage.sim.killSessions()

    await until(() => sink.state() === 'needs_qr')
  })

  it('whose calls are dead goes on receiving as long as the socket lives', async () => {
    const { sink } = await stage.open({ waits: { keepAliveMs: 10 } })
    stage.sim.killSessions({ socket: 'keep' })
    await until(() => sink.state() === 'needs_qr')

    stage.say('vẫn tới')

    await until(() => sink.texts().includes('vẫn tới'))
  })

  it('that is refused once is renewed by a login, on a new socket after the old one is closed', async () => {
    const { sink } = await stage.open({ waits: { keepAliveMs: 30 } })
    stage.sim.failCalls({ call: '/keepalive', do: 'code', code: 600 })

    await until(() => stage.logins() === 2)
    await until(() => sink.caughtUps.length === 2)
    stage.say('nghe tiếp')
    await until(() => sink.texts().includes('nghe tiếp'))
    const sockets = stage.sim.log.filter((entry) => entry.what === 'socket' && entry.step !== 'backfill')
    expect(sockets.map((entry) => ('step' in entry ? entry.step : ''))).toEqual(['open', 'close', 'open'])
  })

  it('is saved with its uid and the refreshed cookie, and used again after a restart', async () => {
    const first = await stage.open({ session: writeSession({ ...readSession(stage.session), uid: null }) })
    await until(() => first.sink.sessions.length === 1)
    await first.listener.stop()
    const saved = first.sink.sessions.at(-1) ?? ''
    expect(readSession(saved)).toMatchObject({ uid: stage.uid, cookies: [{ key: 'zpw_sek', maxAge: 604_800 }] })

    const second = await stage.open({ session: saved })

    expect(second.sink.state()).toBe('connected')
  })

  it('of another account is refused', async () => {
    const other = writeSession({ ...readSession(stage.session), uid: '42' })
    const { sink } = await stage.open({ session: other, settled: false })

    await until(() => sink.state() === 'needs_qr')
    expect(sink.states).toEqual([{ state: 'needs_qr', reason: 'session_dead_other_account' }])
  })

  it('that cannot be read is named without its contents', async () => {
    await expect(stage.open({ session: '{"v":1,"imei":"bí mật"}', settled: false })).rejects.toThrow(
      'this is no whole Zalo session; missing or wrong: uid, userAgent, language, cookies',
    )
  })
})

describe('a Zalo that cannot be reached', () => {
  it('is tried until it is there, and is no reason for a QR login', async () => {
    const port = await freePort()
    const sink = new MemorySink()
    const { listener } = await stage.open({ sink, simUrl: `http://127.0.0.1:${port}`, settled: false })

    await until(() => stage.logs.filter(({ sentence }) => sentence === 'the login to Zalo failed').length > 3)

    expect(sink.states).toEqual([{ state: 'reconnecting', reason: 'login_failed_ECONNREFUSED' }])
    await listener.stop()
  })

  it('a login that hangs is given up in time and tried again', async () => {
    const hanging = createServer(() => {})
    const port = await listening(hanging)
    const sink = new MemorySink()
    const { listener } = await stage.open({
      sink,
      simUrl: `http://127.0.0.1:${port}`,
      waits: { callTimeoutMs: 20 },
      settled: false,
    })

    await until(() => sink.state() === 'reconnecting')
    expect(sink.states).toEqual([{ state: 'reconnecting', reason: 'login_failed_TimeoutError' }])
    await listener.stop()
    hanging.close()
  })
})

describe('stopping', () => {
  it('ends when the socket is closed, and a start after it receives', async () => {
    const first = await stage.open()
    await first.listener.stop()
    // The other end of a closed socket learns of it a moment later.
    await until(() => stage.sim.connections().length === 0, { what: 'the socket is closed' })

    const second = await stage.open()
    stage.say('sau khi khởi động lại')

    await until(() => second.sink.texts().includes('sau khi khởi động lại'))
    expect(first.sink.state()).toBe('connected') // a deliberate stop is no trouble anybody is told of
  })

  it.each([
    ['while logging in', async () => {}],
    ['while waiting to reconnect', async () => void stage.sim.terminate(stage.uid)],
    ['while the link is half-open', async () => void stage.sim.drop(stage.uid)],
  ])('%s ends too', async (what, before) => {
    const { listener } = await stage.open({
      settled: what !== 'while logging in',
      waits: { reconnectMinMs: 60_000, reconnectMaxMs: 60_000, closeMs: 30 },
    })
    await before()

    await listener.stop()

    await until(() => stage.sim.connections().every(({ halfOpen }) => halfOpen))
  })

  it('brings what is still held to the sink first', async () => {
    const { sink, listener } = await stage.open({ waits: { closeMs: 20_000 } })
    sink.down = true
    stage.say('phút chót')
    await until(() => sink.refusals > 0)

    const stopped = listener.stop()
    sink.down = false
    await stopped

    expect(sink.texts()).toEqual(['phút chót'])
  })

  it('is over in time although the sink never comes back', async () => {
    const { sink, listener } = await stage.open({ waits: { closeMs: 20 } })
    sink.down = true
    stage.say('mất rồi')
    await until(() => sink.refusals > 0)

    await listener.stop()

    expect(stage.logs).toContainEqual(expect.objectContaining({ level: 'error', fields: { lost: 1 } }))
  })
})

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('expected a port')
  return address.port
}

describe('what is told of hearing', () => {
  it('a break: nothing from then on, and all again from the next connection', async () => {
    const before = new Date()
    const { sink, listener } = await stage.open()
    expect(listener.heardUntil()?.getTime()).toBeGreaterThanOrEqual(before.getTime())

    stage.sim.terminate(stage.uid)

    await until(() => sink.caughtUps.length === 2)
    expect(sink.hearings).toEqual([
      { is: 'begun', at: expect.any(Date) },
      { is: 'lost', since: expect.any(Date), reason: 'closed_1006' },
      { is: 'begun', at: expect.any(Date) },
    ])
    const again = sink.hearings.at(-1)
    expect(again?.is === 'begun' && sink.caughtUps.at(-1)?.getTime()).toBeGreaterThanOrEqual(
      again?.is === 'begun' ? again.at.getTime() : Number.NaN,
    )
  })

  it('a link that was cut for its silence was deaf from its last byte on', async () => {
    stage.sim.settings.pingIntervalMs = 20
    const { sink } = await stage.open({ waits: { probeMs: 20, silentMs: 400 } })
    await until(() => (stage.sim.connections()[0]?.pings ?? 0) >= 4)
    stage.sim.drop(stage.uid)

    await until(() => sink.hearings.some(({ is }) => is === 'lost'))

    const lost = sink.hearings.find((hearing) => hearing.is === 'lost')
    expect(Date.now() - (lost?.since.getTime() ?? Number.NaN)).toBeGreaterThanOrEqual(400)
  })

  it('a session that is dead for calls while the socket delivers ends nothing', async () => {
    const { sink, listener } = await stage.open({ waits: { keepAliveMs: 20 } })

    stage.sim.killSessions({ account: stage.uid, socket: 'keep' })

    await until(() => sink.state() === 'needs_qr')
    stage.say('vẫn nghe được')
    await until(() => sink.texts().includes('vẫn nghe được'))
    expect(sink.hearings.map(({ is }) => is)).toEqual(['begun'])
    expect(listener.heardUntil()).not.toBeNull()
  })

  it('a stop ends it, and after that nothing is heard', async () => {
    const { sink, listener } = await stage.open()

    await listener.stop()

    expect(sink.hearings.map(({ is }) => is)).toEqual(['begun', 'lost'])
    expect(listener.heardUntil()).toBeNull()
  })
})
