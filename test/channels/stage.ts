import { facebookChannel } from '../../bots/facebook/channel.ts'
import { normalise } from '../../bots/facebook/normalise.ts'
import { shippedPacing } from '../../config/pacing.ts'
import { startFacebookSim } from '../../sim/facebook/server.ts'
import type { FacebookSim } from '../../sim/facebook/simulator.ts'
import { getAccount, openSecret } from '../../src/accounts/store.ts'
import { beginWatching, findWatched, type WatchedPage } from '../../src/channels/store.ts'
import { type Watcher, watchPage } from '../../src/channels/watch.ts'
import { DeliveryKeeper } from '../../src/intake/keep.ts'
import { recordNext } from '../../src/intake/record.ts'
import { plusMs } from '../../src/lib/clock.ts'
import type { AccountId, UnitId } from '../../src/lib/ids.ts'
import { createLog } from '../../src/lib/log.ts'
import { addAccount, addGroup, addUnit, emptyTables, keyRing, now } from '../support/builders.ts'
import type { TestDatabase } from '../support/database.ts'

export const pageId = '100000000000101'
export const resident = { id: '24000000000000001', name: 'Nguyễn Văn Gia' }
export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** One Page on a simulated Facebook and in our database, its unit's officers, and a clock that only a test moves. */
export interface PageStage {
  readonly facebook: FacebookSim
  readonly page: AccountId
  readonly unit: UnitId
  readonly postId: string
  readonly watcher: Watcher
  now(): Date
  /** Lets time pass for us and for Facebook. */
  pass(ms: number): void
  /** A look at the Page, and the intake of what it brought. */
  look(): Promise<WatchedPage>
  /** Takes in what was kept. */
  takeIn(): Promise<void>
  /** A live delivery of one comment came, as from a webhook. */
  hear(text: string): Promise<void>
  /** What the officers were sent about the Page, oldest first. */
  told(): Promise<string[]>
  stop(): Promise<void>
}

export async function openPageStage({ db, pool }: Pick<TestDatabase, 'db' | 'pool'>): Promise<PageStage> {
  await emptyTables(db)
  let at = now
  const clock = (): Date => at
  const app = { appId: '3300000000000001', appSecret: '0123456789abcdef0123456789abcdef' }
  const facebook = await startFacebookSim({ allow: true, ...app, verifyToken: 'verify', now: () => at.getTime() })
  facebook.addPage({ id: pageId, name: 'Mặt trận xã Cát Ngạn', token: 'PAGE_TOKEN' })
  const postId = facebook.addPost(pageId, { text: 'Dân hỏi – Mặt trận trả lời' })

  const unit = await addUnit(db)
  const page = await addAccount(db, { unitId: unit, externalId: pageId, secret: 'PAGE_TOKEN' })
  await db.updateTable('accounts').set({ loginNumber: 1, state: 'unknown' }).where('id', '=', page).execute()
  const zalo = await addAccount(db, { unitId: unit, platform: 'zalo' })
  await addGroup(db, zalo, { audience: 'officers' })

  const keeper = new DeliveryKeeper(pool, clock, () => {})
  const access = { ...app, graphUrl: facebook.url, version: 'v24.0', timeoutMs: 10_000, clock }
  const watcher: Watcher = {
    db,
    clock,
    keeper,
    log: createLog('silent'),
    pacing: shippedPacing.pageWatch,
    chatAddress: (_platform, place) => ({ type: place.kind, id: place.id }),
    channelOf: async (id) => {
      const { externalId } = await getAccount(db, id)
      return facebookChannel({ ...access, page: { pageId: externalId, token: await openSecret(db, keyRing, id) } })
    },
  }
  const takeIn = async (): Promise<void> => {
    for (let more = true; more; ) ({ more } = await recordNext(db, normalise, at))
  }
  await beginWatching(db)

  return {
    facebook,
    page,
    unit,
    postId,
    watcher,
    now: clock,
    pass: (ms) => {
      at = plusMs(at, ms)
    },
    look: async () => {
      await watchPage(watcher, page)
      await takeIn()
      return findWatched(db, page)
    },
    takeIn,
    hear: async (text) => {
      const commentId = facebook.comment({ pageId, postId, author: resident, text })
      await keeper.keep({
        platform: 'facebook',
        accountExternalId: null,
        lane: 'live',
        body: webhook(postId, commentId, text, at),
      })
      await takeIn()
    },
    told: async () => {
      const rows = await db.selectFrom('outbox').select('text').where('kind', '=', 'notice').orderBy('id').execute()
      return rows.map(({ text }) => text)
    },
    stop: () => facebook.stop(),
  }
}

function webhook(postId: string, commentId: string, message: string, at: Date): Buffer {
  const time = Math.floor(at.getTime() / 1000)
  const common = { item: 'comment', verb: 'add', post_id: postId, comment_id: commentId, parent_id: postId }
  const value = { ...common, message, created_time: time, from: resident }
  return Buffer.from(
    JSON.stringify({ object: 'page', entry: [{ id: pageId, time, changes: [{ field: 'feed', value }] }] }),
  )
}
