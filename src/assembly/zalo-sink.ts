import type { Listener, ListenerSink } from '../../bots/listener.ts'
import { beginHearing, closeGaps, endHearing } from '../accounts/coverage.ts'
import { wantGroupLooks } from '../accounts/group-looks.ts'
import { type Account, saveCaughtUp, saveRefreshed } from '../accounts/store.ts'
import { type AccountNewsRoom, saveConnection } from '../channels/account-down.ts'
import { raiseUnread } from '../channels/unread-frames.ts'
import { transaction } from '../db/client.ts'
import { vietnamDay } from '../lib/clock.ts'
import { errorCode } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import { resumeLane } from '../outbox/lane.ts'
import type { Publisher } from '../outbox/publisher.ts'
import type { lookAtGroups } from './group-look.ts'
import type { ListenerRoom } from './listeners.ts'

/** An account that this process has opened. */
export interface OpenAccount {
  readonly listener: Listener
  readonly publisher: Publisher
  /** Which login its session comes from. */
  readonly loginNumber: number
  readonly link: Link
  lastCatchUpAsked: Date | null
  readonly readGroups: Parameters<typeof lookAtGroups>[2]
  /** Asking how its groups stand; nothing else waits for that. */
  looking: Promise<void> | null
}

/** What the sink of an account knows of its connection. */
export interface Link {
  /** It may send. */
  isConnected: boolean
  /** That it hears is written down: only then may the moment until which it has heard move on. */
  isHearing: boolean
}

/** Where everything goes that the connection of an account tells. */
export function zaloSink(
  room: ListenerRoom,
  news: AccountNewsRoom,
  { account, owner, link, log }: { account: Account; owner: string; link: Link; log: Log },
): ListenerSink {
  const { db, keyRing, clock, keeper, onReady, onTold } = room
  let alarmedOn = ''
  const alarm = async (command: number): Promise<void> => {
    const today = vietnamDay(clock())
    if (alarmedOn === today) return
    alarmedOn = today
    if (await raiseUnread(db, account, command, news.chatAddress, clock())) onTold()
  }
  return {
    keep: (delivery, lane) => keeper.keep({ platform: 'zalo', lane, ...delivery }),
    changed: async (state, reason) => {
      link.isConnected = state === 'connected'
      if (await saveConnection(news, account, { state, reason }, clock())) onTold()
      const level = state === 'connected' ? 'info' : state === 'reconnecting' ? 'warn' : 'error'
      log[level]({ state, reason }, 'Zalo connection changed')
      if (state !== 'connected') return
      await wantGroupLooks(db, account.id, clock())
      await resumeLane(db, account.id, clock())
      onReady()
    },
    hears: async (hearing) => {
      if (hearing.is === 'begun') {
        link.isHearing = await beginHearing(db, account, owner, hearing.at)
        return
      }
      link.isHearing = false
      await endHearing(db, account, owner, hearing)
    },
    strangeFrame: (command, became) => {
      room.count('zalo_strange_frame', `cmd_${command}_${became}`)
      if (became !== 'unread') return
      alarm(command).catch((error: unknown) => {
        alarmedOn = '' // the next one tries again
        log.warn({ code: errorCode(error) }, 'an alarm could not be raised')
      })
    },
    saveSession: (session) => transaction(db, 'save-session', (tx) => saveRefreshed(tx, keyRing, account, session)),
    caughtUp: async (requestedAt) => {
      await closeGaps(db, account, requestedAt, clock())
      await saveCaughtUp(db, account.id, requestedAt)
      onReady()
    },
  }
}
