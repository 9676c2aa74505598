import { afterEach, beforeEach, expect, it } from 'vitest'
import { how } from '../../sim/facebook/how.ts'
import { type PageWatchRoom, startPageWatch, watchPages } from '../../src/assembly/page-watch.ts'
import { beginWatching, findWatched } from '../../src/channels/store.ts'
import { openPageStage, type PageStage } from '../channels/stage.ts'
import { addAccount } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'
import { until } from '../support/until.ts'

const { db, pool, connection } = await testDatabase()
let stage: PageStage
let told = 0
beforeEach(async () => {
  stage = await openPageStage({ db, pool })
  told = 0
})
afterEach(() => stage.stop())

function room(): PageWatchRoom {
  const onTold = (): void => {
    told += 1
  }
  return { ...stage.watcher, connection, tickMs: 1, onTold }
}

const calls = (): number => stage.facebook.log.filter(({ kind }) => kind === 'call').length

it('of processes that look together one does the work', async () => {
  await watchPages(room())
  const once = calls()
  stage.pass(24 * 3_600_000)

  await Promise.all([watchPages(room()), watchPages(room()), watchPages(room())])

  expect(calls()).toBe(2 * once)
  expect(told).toBe(0)
})

it('a Page that cannot be looked after costs the others nothing', async () => {
  const other = await addAccount(db, { unitId: stage.unit, externalId: '1' })
  await db.updateTable('accounts').set({ loginNumber: 1 }).where('id', '=', other).execute()
  await beginWatching(db)
  const channelOf: PageWatchRoom['channelOf'] = (id) => {
    if (id === other) throw new TypeError('its secret cannot be opened')
    return stage.watcher.channelOf(id)
  }

  await watchPages({ ...room(), channelOf })

  expect(await findWatched(db, stage.page)).toMatchObject({ state: 'connected', tokenCheckedAt: stage.now() })
  expect((await findWatched(db, other)).tokenCheckedAt).toBeNull()
})

it('a Page that nobody has connected yet is not asked about', async () => {
  await db.updateTable('accounts').set({ loginNumber: 0 }).where('id', '=', stage.page).execute()

  await watchPages(room())

  expect(calls()).toBe(0)
})

it('runs until it is stopped, and a stop waits for the look under way', async () => {
  stage.facebook.fail({ match: { path: /debug_token/ }, how: how.slowAnswer(100) })
  const stop = startPageWatch(room())
  await until(() => calls() > 0, { what: 'the first call' })

  await stop()
  const after = calls()

  expect((await findWatched(db, stage.page)).tokenCheckedAt).not.toBeNull()
  stage.pass(24 * 3_600_000)
  expect(calls()).toBe(after)
})
