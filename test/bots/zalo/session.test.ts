import { describe, expect, it } from 'vitest'
import { createSessionSaver, readSession, writeSession, type ZaloSession } from '../../../bots/zalo/session.ts'
import { until } from '../../support/until.ts'

const session: ZaloSession = {
  v: 1,
  uid: '5550000000000000001',
  imei: 'imei-1',
  userAgent: 'Firefox',
  language: 'vi',
  cookies: [{ key: 'zpw_sek', value: 'a', domain: 'chat.zalo.me', lastAccessed: '2026-11-24T00:00:00Z' }],
}
const withCookie = (change: object): ZaloSession => ({
  ...session,
  cookies: session.cookies.map((cookie) => ({ ...cookie, ...change })),
})

function saverOf(
  waits: { saveSessionMs: number; resaveSessionMs: number } = { saveSessionMs: 1, resaveSessionMs: 60_000 },
) {
  const state = { now: session as ZaloSession | null, at: 0, down: false, saved: [] as string[], errors: 0, reads: 0 }
  const saver = createSessionSaver({
    saved: session,
    read: () => {
      state.reads += 1
      return state.now
    },
    save: async (text) => {
      if (state.down) throw new Error('away')
      state.saved.push(text)
    },
    waits,
    now: () => state.at,
    onError: () => {
      state.errors += 1
    },
  })
  return { saver, state }
}

describe('a stored session', () => {
  it('survives being written and read', () => {
    expect(readSession(writeSession(session))).toEqual(session)
  })

  it.each(['', 'no json', '[]', '{"v":2}', JSON.stringify({ ...session, cookies: [] })])('%j is refused', (text) => {
    expect(() => readSession(text)).toThrow(/session/)
  })
})

describe('saving', () => {
  it('many refreshed cookies are saved together, once', async () => {
    const { saver, state } = saverOf()
    state.now = withCookie({ value: 'b' })
    for (let i = 0; i < 50; i += 1) saver.touched()

    await until(() => state.saved.length === 1)
    await saver.close()
    expect(state.saved).toEqual([writeSession(state.now)])
  })

  it('a mere use of the cookies is no change until it is old', async () => {
    const { saver, state } = saverOf()
    state.now = withCookie({ lastAccessed: '2026-11-25T00:00:00Z' })
    saver.touched()
    await until(() => state.reads === 1)
    expect(state.saved).toEqual([])

    state.at = 60_001
    saver.touched()

    await until(() => state.saved.length === 1)
    await saver.close()
  })

  it('what could not be saved is tried again', async () => {
    const { saver, state } = saverOf()
    state.now = withCookie({ value: 'b' })
    state.down = true
    saver.touched()
    await until(() => state.errors >= 2)

    state.down = false

    await until(() => state.saved.length === 1)
    await saver.close()
  })

  it('the end saves what is still unsaved, and nothing is saved after it', async () => {
    const { saver, state } = saverOf({ saveSessionMs: 60_000, resaveSessionMs: 60_000 })
    state.now = withCookie({ value: 'b' })
    saver.touched()

    await saver.close()
    saver.touched()

    expect(state.saved).toHaveLength(1)
  })

  it('there is nothing to save before the first login', async () => {
    const { saver, state } = saverOf()
    state.now = null

    await saver.close()

    expect(state.saved).toEqual([])
  })
})
