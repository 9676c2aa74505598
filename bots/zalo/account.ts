import type { Clock } from '../../src/lib/clock.ts'
import { errorCode, RefusedError } from '../../src/lib/errors.ts'
import { step } from '../../src/lib/failpoint.ts'
import type { OpenPicture, Publisher } from '../../src/outbox/publisher.ts'
import type { Listener, ListenerSink } from '../listener.ts'
import { newTrace, traced } from './call-trace.ts'
import { explainLogin, type LoginFailure, libraryCode } from './errors.ts'
import type { GroupSeen } from './groups-seen.ts'
import { listen } from './listener.ts'
import type { ZaloLog } from './log.ts'
import { createPublisher } from './publisher.ts'
import { createSessionSaver, readSession, type ZaloSession } from './session.ts'
import type { ZaloWaits } from './waits.ts'
import { logIn, type ZaloConnection } from './zca.ts'

export interface ZaloAccountOptions {
  /** As the login with a QR code made it and as `sink.saveSession` was last given it. */
  readonly session: string
  readonly sink: ListenerSink
  /** Null is the real Zalo. */
  readonly simUrl: string | null
  /** A picture that a message is to show. */
  readonly openPicture: OpenPicture
  readonly clock: Clock
  readonly waits: ZaloWaits
  readonly random: () => number
  readonly log: ZaloLog
}

/** Zalo says so of an id that another account sees, and then of all that were asked for with it. */
const BAD_PARAMETER = 114

/** Asks Zalo how the account stands in these groups. */
export type ReadGroups = (ids: readonly string[]) => Promise<readonly GroupSeen[]>

/**
 * Opens an account from its saved session. Returns at once; the connection comes up in its own time and tells of itself
 * through `sink.changed`. Throws only when the session cannot be read.
 */
export async function openZaloAccount(
  options: ZaloAccountOptions,
): Promise<{ listener: Listener; publisher: Publisher; readGroups: ReadGroups }> {
  const { sink, simUrl, clock, waits, random, log } = options
  let session = readSession(options.session)
  const current = (): ZaloSession | null => supervisor.connection?.session() ?? null

  const saver = createSessionSaver({
    saved: session,
    read: current,
    save: (text) => sink.saveSession(text),
    waits,
    now: () => clock().getTime(),
    onError: (error) => log.error({ code: errorCode(error) }, 'the refreshed session could not be saved'),
  })

  const login = async (signal: AbortSignal): Promise<ZaloConnection | LoginFailure> => {
    session = current() ?? session // the cookies as they are by now
    const trace = newTrace(signal)
    try {
      const { callTimeoutMs } = waits
      const options = { session, simUrl, callTimeoutMs, onCookies: saver.touched }
      const connection = await step('zalo-login', () => traced(trace, () => logIn(options)))
      if (session.uid !== null && session.uid !== connection.uid) return { why: 'dead', code: 'other_account' }
      session = { ...session, uid: connection.uid }
      saver.touched()
      return connection
    } catch (error) {
      const failure = explainLogin(trace, error)
      log.warn({ ...failure }, 'the login to Zalo failed')
      return failure
    }
  }

  const { listener, supervisor } = listen({ login, uid: () => session.uid, sink, waits, clock, random, log })
  const publisher = createPublisher({
    connection: () => supervisor.connection,
    isSessionDead: () => supervisor.isSessionDead,
    sessionRefused: (code) => supervisor.sessionRefused(code),
    openPicture: options.openPicture,
    waits,
    clock,
  })
  const readGroups: ReadGroups = async (ids) => {
    const { connection } = supervisor
    if (connection === null) throw new RefusedError('the account is not logged in at the moment')
    const read = (some: readonly string[]): Promise<readonly GroupSeen[]> =>
      step('zalo-read-groups', () => traced(newTrace(), () => connection.readGroups(some)))
    try {
      return await read(ids)
    } catch (error) {
      if (ids.length < 2 || libraryCode(error) !== BAD_PARAMETER) throw error
    }
    const seen: GroupSeen[] = []
    for (const id of ids) seen.push(...(await read([id]).catch(() => [])))
    return seen
  }
  supervisor.start()
  return {
    publisher,
    readGroups,
    listener: {
      ...listener,
      stop: async () => {
        await listener.stop()
        await saver.close()
      },
    },
  }
}
