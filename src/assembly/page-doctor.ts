import type { Config } from '../../config/load.ts'
import { findAccount } from '../accounts/store.ts'
import { ChannelError } from '../channels/channel.ts'
import { type Answer, diagnose, type Examination, type Finding } from '../channels/doctor.ts'
import { beginWatching, findWatched, type WatchedPage } from '../channels/store.ts'
import type { Db } from '../db/client.ts'
import type { Clock } from '../lib/clock.ts'
import type { KeyRing } from '../lib/secrets.ts'
import { openChannel } from './channels.ts'

export interface DoctorRoom {
  readonly db: Db
  readonly keyRing: KeyRing
  readonly clock: Clock
  readonly config: Pick<Config, 'facebook' | 'publicUrl' | 'pacing'>
}

/** Asks Facebook and the database about one Page, and says what is left to do. */
export async function examinePage(room: DoctorRoom, pageId: string): Promise<Finding[]> {
  const { db, clock, config } = room
  await beginWatching(db)
  const account = await findAccount(db, 'facebook', pageId)
  const page = account === null ? null : await findWatched(db, account.id)
  return diagnose({
    pageId,
    page,
    appSecrets: config.facebook?.appSecrets.length ?? null,
    publicUrl: config.publicUrl,
    asked: page === null ? null : await ask(room, page),
    expiryNoticeMs: config.pacing.pageWatch.expiryNoticeMs,
    now: clock(),
  })
}

async function ask(
  { db, keyRing, clock, config }: DoctorRoom,
  { accountId, loginNumber }: WatchedPage,
): Promise<Examination['asked']> {
  const { facebook, pacing } = config
  if (facebook === null || loginNumber === 0) return null
  const { callTimeoutMs } = pacing
  const channel = await openChannel({ db, keyRing, clock, facebook, callTimeoutMs }, accountId)
  return {
    token: await answerOf(channel.checkToken()),
    name: await answerOf(channel.readName()),
    missingFields: await answerOf(channel.missingFields()),
  }
}

async function answerOf<T>(asking: Promise<T>): Promise<Answer<T>> {
  try {
    return { got: await asking }
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error
    return { failed: error.platformCode }
  }
}
