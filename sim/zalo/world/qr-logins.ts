import { randomBytes } from 'node:crypto'
import { drawCode } from '../wire/png.ts'
import { accountOf, openSession } from './cast.ts'
import { type Session, SimError } from './types.ts'
import type { World } from './world.ts'

type State = 'waiting' | 'scanned' | 'accepted' | 'declined' | 'expired'

interface Attempt {
  code: string
  state: State
  account: string | null
  wake: Set<() => void>
}

interface QrAnswer {
  error_code: number
  error_message: string
  data: unknown
}

/** Login attempts by QR code, and what the owner of the phone does with them. */
export interface QrLogins {
  pending(): { code: string; state: State }[]
  scan(code: string, account: string): void
  accept(code: string, account?: string): void
  decline(code: string): void
  expire(code: string): void
  generate(): { code: string; token: string; image: string }
  waitScanned(code: string): Promise<QrAnswer>
  waitConfirmed(code: string): Promise<QrAnswer>
  finish(code: string): Session | null
}

export function newQrLogins(world: World): QrLogins {
  const attempts = new Map<string, Attempt>()
  const attemptOf = (code: string): Attempt => {
    const found = attempts.get(code)
    if (!found) throw new SimError(`there is no QR code "${code}"`)
    return found
  }
  const move = (attempt: Attempt, state: State): void => {
    attempt.state = state
    for (const wake of attempt.wake) wake()
  }
  const scan = (code: string, account: string): void => {
    const attempt = attemptOf(code)
    attempt.account = accountOf(world, account).uid
    if (attempt.state === 'waiting') move(attempt, 'scanned')
  }
  const poll = async (code: string, isOver: (state: State) => boolean): Promise<Attempt | null> => {
    const attempt = attempts.get(code)
    if (attempt && !isOver(attempt.state)) await change(attempt, world.settings.qrPollMs)
    return attempt ?? null
  }

  return {
    pending: () =>
      [...attempts.values()]
        .filter(({ state }) => state === 'waiting' || state === 'scanned')
        .map(({ code, state }) => ({ code, state })),
    scan,
    accept: (code, account) => {
      const attempt = attemptOf(code)
      if (account !== undefined) scan(code, account)
      if (attempt.account === null) throw new SimError('nobody has scanned this code: say which account accepts')
      move(attempt, 'accepted')
    },
    decline: (code) => move(attemptOf(code), 'declined'),
    expire: (code) => move(attemptOf(code), 'expired'),
    generate: () => {
      const code = randomBytes(9).toString('base64url')
      attempts.set(code, { code, state: 'waiting', account: null, wake: new Set() })
      const image = `data:image/png;base64,${drawCode(code).toString('base64')}`
      return { code, token: `https://zaloapp.com/qr/l/${code}`, image }
    },
    waitScanned: async (code) => {
      const attempt = await poll(code, (state) => state !== 'waiting')
      if (!attempt || attempt.state === 'expired') return gone
      if (attempt.state === 'waiting') return again
      const name = attempt.account === null ? 'Zalo' : accountOf(world, attempt.account).name
      return { error_code: 0, error_message: '', data: { avatar: '', display_name: name } }
    },
    waitConfirmed: async (code) => {
      const attempt = await poll(code, (state) => state !== 'waiting' && state !== 'scanned')
      if (!attempt || attempt.state === 'expired') return gone
      if (attempt.state === 'declined') return { error_code: -13, error_message: 'declined', data: null }
      return attempt.state === 'accepted' ? { error_code: 0, error_message: '', data: {} } : again
    },
    finish: (code) => {
      const attempt = attempts.get(code)
      if (attempt?.state !== 'accepted' || attempt.account === null) return null
      attempts.delete(code)
      return renew(world, attempt.account)
    },
  }
}

const again: QrAnswer = { error_code: 8, error_message: 'again', data: null }
// What the real server says about an expired code is not known; the library has its own timer for that.
const gone: QrAnswer = { error_code: -14, error_message: 'expired', data: null }

// One web session per account: a new one ends the others and starts with an empty history.
function renew(world: World, uid: string): Session {
  for (const session of world.data.sessions.values()) if (session.account === uid) session.alive = false
  accountOf(world, uid).historyFrom = world.data.lastMsgId
  world.write({ what: 'login', account: uid, step: 'qr', why: null })
  return openSession(world, uid)
}

function change(attempt: Attempt, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      attempt.wake.delete(done)
      resolve()
    }
    const timer = setTimeout(done, timeoutMs).unref()
    attempt.wake.add(done)
  })
}
