import type { ListenerState } from '../listener.ts'
import type { ZaloWaits } from './waits.ts'

/** Where one account's connection stands. `socket` and `session` die independently of each other. */
export interface Link {
  readonly socket: 'none' | 'opening' | 'open' | 'closing'
  /** unknown: a full login is due. dead: Zalo wants a new QR login. */
  readonly session: 'unknown' | 'good' | 'dead'
  readonly isLoggingIn: boolean
  readonly isWaiting: boolean
  readonly isStopping: boolean
  /** The socket belongs to an earlier login and makes way for the new one's. */
  readonly isOutdated: boolean
  readonly openedAt: number | null
  /** Troubles in a row. */
  readonly failures: number
  readonly evictions: readonly number[]
  /** No socket before that moment. */
  readonly notBefore: number
  readonly told: ListenerState | null
}

export type Happening =
  | { readonly is: 'start' | 'logged_in' | 'opened' | 'wait_over' | 'silent' | 'stop' }
  | { readonly is: 'login_failed'; readonly why: 'dead' | 'refused' | 'failed'; readonly code: string }
  | { readonly is: 'session_refused'; readonly code: string }
  | { readonly is: 'closed'; readonly code: number }

export type Action =
  | { readonly do: 'login' | 'open' | 'close' | 'cut' | 'cancel_wait' | 'check_session' | 'done' }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'tell'; readonly state: ListenerState; readonly reason: string }

export interface Circumstances {
  readonly at: number
  /** 0 ≤ random < 1 */
  readonly random: number
  readonly waits: Pick<
    ZaloWaits,
    'reconnectMinMs' | 'reconnectMaxMs' | 'steadyMs' | 'attemptsBeforeLogin' | 'evictedWaitMs' | 'evictedWindowMs'
  >
}

export interface Decision {
  readonly link: Link
  readonly actions: readonly Action[]
}

export const unlinked: Link = {
  socket: 'none',
  session: 'unknown',
  isLoggingIn: false,
  isWaiting: false,
  isStopping: false,
  isOutdated: false,
  openedAt: null,
  failures: 0,
  evictions: [],
  notBefore: 0,
  told: null,
}

/** Another connection of the same account was opened (3000), or Zalo has thrown this one out (3003). */
const evictionCodes = new Set([3000, 3003])

/** What to do now that something has happened to the connection. */
export function decide(link: Link, happening: Happening, now: Circumstances): Decision {
  switch (happening.is) {
    case 'start':
      return proceed(link, now)
    case 'wait_over':
      return proceed({ ...link, isWaiting: false }, now)
    case 'logged_in':
      return proceed({ ...link, isLoggingIn: false, session: 'good', isOutdated: link.socket !== 'none' }, now)
    case 'login_failed':
      return loginFailed(link, happening, now)
    case 'opened':
      if (link.socket !== 'opening') return proceed(link, now)
      return proceed(...tell({ ...link, socket: 'open', openedAt: now.at }, now, 'connected', 'opened'))
    case 'closed':
      return closed(link, happening.code, now)
    case 'silent':
      if (link.socket !== 'open' && link.socket !== 'opening') return { link, actions: [] }
      return { link: { ...link, socket: 'closing' }, actions: [{ do: 'cut' }] }
    case 'session_refused':
      return sessionRefused(link, happening.code, now)
    case 'stop':
      return proceed({ ...link, isStopping: true, isWaiting: false }, now, [{ do: 'cancel_wait' }])
  }
}

/** The next step from where the link stands; nothing while something is under way. */
function proceed(link: Link, now: Circumstances, before: readonly Action[] = []): Decision {
  const then = (next: Link, action: Action): Decision => ({ link: next, actions: [...before, action] })
  const isUp = link.socket === 'opening' || link.socket === 'open'
  if (link.isStopping) {
    if (isUp) return then({ ...link, socket: 'closing' }, { do: 'close' })
    return link.socket === 'none' && !link.isLoggingIn ? then(link, { do: 'done' }) : { link, actions: before }
  }
  if (link.isLoggingIn || link.isWaiting || link.session === 'dead') return { link, actions: before }
  if (link.session === 'unknown') return then({ ...link, isLoggingIn: true }, { do: 'login' })
  if (isUp && link.isOutdated) return then({ ...link, socket: 'closing' }, { do: 'close' })
  if (link.socket !== 'none') return { link, actions: before }
  if (now.at < link.notBefore) return then({ ...link, isWaiting: true }, { do: 'wait', ms: link.notBefore - now.at })
  return then({ ...link, socket: 'opening' }, { do: 'open' })
}

function loginFailed(link: Link, { why, code }: { why: string; code: string }, now: Circumstances): Decision {
  const failures = link.failures + 1
  const failed = { ...link, isLoggingIn: false, failures }
  if (link.isStopping) return proceed(failed, now)
  if (why === 'dead') return proceed(...tell({ ...failed, session: 'dead' }, now, 'needs_qr', `session_dead_${code}`))
  const isRefused = why === 'refused' && failures >= now.waits.attemptsBeforeLogin
  const state = isRefused ? 'suspended' : 'reconnecting'
  const [told, , actions] = tell(failed, now, state, `login_${why}_${code}`)
  return waitFor(told, backoffMs(failures, now), actions)
}

function closed(link: Link, code: number, now: Circumstances): Decision {
  const wasSteady = link.openedAt !== null && now.at - link.openedAt >= now.waits.steadyMs
  const wasPlanned = link.isOutdated || link.isStopping
  const failures = wasPlanned ? link.failures : wasSteady ? 0 : link.failures + 1
  const down: Link = { ...link, socket: 'none', isOutdated: false, openedAt: null, failures }
  if (wasPlanned || link.session === 'dead') return proceed(down, now)
  if (evictionCodes.has(code) && link.openedAt !== null) return evicted(down, code, now)
  // Thrown out before it was open: that is how a dead session looks from the socket, only a login can tell.
  const isLoginDue = evictionCodes.has(code) || failures >= now.waits.attemptsBeforeLogin
  const session = isLoginDue ? 'unknown' : down.session
  const [told, , actions] = tell({ ...down, session }, now, 'reconnecting', `closed_${code}`)
  return waitFor(told, backoffMs(failures, now), actions)
}

/** Somebody else uses the account. Coming back at once would throw them out in turn; a person is told of the second time. */
function evicted(link: Link, code: number, now: Circumstances): Decision {
  const { evictedWaitMs, evictedWindowMs } = now.waits
  const evictions = [...link.evictions.filter((at) => now.at - at < evictedWindowMs), now.at]
  const longest = Math.max(evictedWaitMs, evictedWindowMs)
  const base = Math.min(evictedWaitMs * 2 ** (evictions.length - 1), longest)
  const notBefore = now.at + base + (now.random * evictedWaitMs) / 4
  const state = evictions.length > 1 ? 'evicted' : 'reconnecting'
  const [told, , actions] = tell({ ...link, evictions, notBefore }, now, state, `evicted_${code}`)
  // A session ended from the phone looks the same; a small call tells the two apart without throwing anybody out.
  return proceed(told, now, [...actions, { do: 'check_session' }])
}

/** A call was answered with 600 or 102. Logging in needs no socket, so an open one goes on receiving meanwhile. */
function sessionRefused(link: Link, _code: string, now: Circumstances): Decision {
  if (link.session !== 'good' || link.isStopping) return { link, actions: [] }
  const wasSteady = link.openedAt !== null && now.at - link.openedAt >= now.waits.steadyMs
  const failures = wasSteady ? 1 : link.failures + 1
  const doubted: Link = { ...link, session: 'unknown', failures }
  const cancelled: readonly Action[] = link.isWaiting ? [{ do: 'cancel_wait' }] : []
  if (failures <= now.waits.attemptsBeforeLogin) return proceed({ ...doubted, isWaiting: false }, now, cancelled)
  return waitFor(doubted, backoffMs(failures, now), cancelled)
}

function waitFor(link: Link, ms: number, before: readonly Action[]): Decision {
  if (link.isWaiting && before.every((action) => action.do !== 'cancel_wait')) return { link, actions: before }
  return { link: { ...link, isWaiting: true }, actions: [...before, { do: 'wait', ms }] }
}

function backoffMs(failures: number, { random, waits }: Circumstances): number {
  const base = Math.min(waits.reconnectMinMs * 2 ** Math.max(0, failures - 1), waits.reconnectMaxMs)
  return Math.min(base * (1 + random / 2), Math.max(waits.reconnectMaxMs, waits.reconnectMinMs))
}

/** Tells only what is news. */
function tell(
  link: Link,
  now: Circumstances,
  state: ListenerState,
  reason: string,
): [Link, Circumstances, readonly Action[]] {
  if (link.told === state) return [link, now, []]
  return [{ ...link, told: state }, now, [{ do: 'tell', state, reason }]]
}
