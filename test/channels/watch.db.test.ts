import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { how } from '../../sim/facebook/how.ts'
import { saveLogin } from '../../src/accounts/store.ts'
import { standingOf } from '../../src/channels/standing.ts'
import { findWatched, wantTokenChecks } from '../../src/channels/store.ts'
import { isDue } from '../../src/channels/watch.ts'
import { keyRing } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'
import { day, hour, minute, openPageStage, type PageStage, pageId, resident } from './stage.ts'

const { db, pool } = await testDatabase()
let stage: PageStage
beforeEach(async () => {
  stage = await openPageStage({ db, pool })
})
afterEach(() => stage.stop())

function comment(text: string): string {
  return stage.facebook.comment({ pageId, postId: stage.postId, author: resident, text })
}

async function events(): Promise<{ text: string | null; lane: number }[]> {
  return db.selectFrom('events').select(['text', 'lane']).orderBy('occurredAt').orderBy('text').execute()
}

async function lane(): Promise<{ pauseReason: string | null }> {
  return db
    .selectFrom('accountLanes')
    .select('pauseReason')
    .where('accountId', '=', stage.page)
    .executeTakeFirstOrThrow()
}

const calls = (path: RegExp): number =>
  stage.facebook.log.filter((entry) => entry.kind === 'call' && path.test(entry.path)).length

describe('a Page whose token is good and which is told of everything', () => {
  it('is connected, and unproved until something really came', async () => {
    const page = await stage.look()

    expect(page).toMatchObject({ state: 'connected', tokenProblem: null, subscriptionProblem: null, repairs: 0 })
    expect(standingOf(page)).toBe('unproved')

    await stage.hear('Cho hỏi giờ tiếp dân?')

    expect(standingOf(await findWatched(db, stage.page))).toBe('ok')
    expect(await stage.told()).toEqual([])
  })

  it('is left alone until the next look is due', async () => {
    const page = await stage.look()

    expect(isDue(page, stage.now())).toBe(false)
    stage.pass(hour)
    expect(isDue(page, stage.now())).toBe(true)
  })

  it('has its token looked at once a day, and its subscription every hour', async () => {
    await stage.look()
    for (let n = 0; n < 24; n += 1) {
      stage.pass(hour)
      await stage.look()
    }

    expect(calls(/debug_token/)).toBe(2)
    expect(calls(/subscribed_apps/)).toBe(25)
  })
})

describe('a token that dies', () => {
  beforeEach(async () => {
    await stage.look()
    stage.facebook.breakToken(pageId, { subcode: 460 })
    stage.pass(day)
  })

  it('stops the Page and its sending, and the officers are told once', async () => {
    for (let n = 0; n < 3; n += 1) {
      await stage.look()
      stage.pass(10 * minute)
    }

    const page = await findWatched(db, stage.page)
    expect(standingOf(page)).toBe('stopped: token')
    expect(page.tokenProblem).toBe('invalid')
    expect(await lane()).toEqual({ pauseReason: 'token' })
    expect(await stage.told()).toEqual([expect.stringContaining('kết nối với Facebook đã bị ngắt')])
  })

  it('that lives again lets the Page go on, and the officers are told that as well', async () => {
    await stage.look()
    stage.facebook.mendToken(pageId)
    stage.pass(10 * minute)

    const page = await stage.look()

    expect(page).toMatchObject({ state: 'connected', tokenProblem: null })
    expect(await lane()).toEqual({ pauseReason: null })
    expect(await stage.told()).toEqual([
      expect.stringContaining('đã bị ngắt'),
      expect.stringContaining('đã kết nối lại'),
    ])
  })

  it('is noticed by the next reading, before its daily check', async () => {
    stage.facebook.mendToken(pageId)
    await stage.look()
    stage.facebook.breakToken(pageId)
    stage.pass(hour)

    await stage.look()

    expect(await findWatched(db, stage.page)).toMatchObject({ state: 'stopped', stateReason: 'token' })
    expect(await stage.told()).toHaveLength(1)
  })

  it('asks nothing more of Facebook than whether it lives', async () => {
    await stage.look()
    const before = calls(/feed|comments/)
    stage.pass(day)
    await stage.look()

    expect(calls(/feed|comments/)).toBe(before)
  })
})

it('a stop that the outbox met is told once as well, and only a person lifts it', async () => {
  await stage.look()
  await db
    .updateTable('accounts')
    .set({ state: 'stopped', stateReason: 'permission', stateChangedAt: stage.now() })
    .where('id', '=', stage.page)
    .execute()
  await wantTokenChecks(db, stage.now())

  await stage.look()
  stage.pass(day)
  const page = await stage.look()

  expect(standingOf(page)).toBe('stopped: permission')
  expect(await stage.told()).toEqual([expect.stringContaining('chưa cấp đủ quyền')])
})

it('a send that was told of a dead token has the token looked at at once, and not every minute of an outage', async () => {
  await stage.look()
  await db
    .updateTable('accounts')
    .set({ state: 'stopped', stateReason: 'token', stateChangedAt: stage.now() })
    .where('id', '=', stage.page)
    .execute()
  stage.facebook.fail({ times: 3, how: how.answer(502, '<html>') })
  expect(isDue(await findWatched(db, stage.page), stage.now())).toBe(true)

  const page = await stage.look()

  expect(calls(/debug_token/)).toBe(2)
  expect(isDue(page, stage.now())).toBe(false)
})

it('a dead token that only a send met lets the Page go on after a second good look, a day later', async () => {
  await stage.look()
  await db
    .updateTable('accounts')
    .set({ state: 'stopped', stateReason: 'token', stateChangedAt: stage.now() })
    .where('id', '=', stage.page)
    .execute()
  stage.pass(minute)

  expect((await stage.look()).state).toBe('stopped')
  stage.pass(day)
  expect((await stage.look()).state).toBe('connected')
})

it('a wrong app secret that only a send met lets the Page go on after a second good look, minutes later', async () => {
  await stage.look()
  await db
    .updateTable('accounts')
    .set({ state: 'stopped', stateReason: 'app_setup', stateChangedAt: stage.now() })
    .where('id', '=', stage.page)
    .execute()
  stage.pass(minute)

  expect((await stage.look()).state).toBe('stopped')
  stage.pass(10 * minute)
  expect((await stage.look()).state).toBe('connected')
})

it('a permission that is missing is named and stops nothing', async () => {
  stage.facebook.describeToken(pageId, { scopes: ['pages_manage_metadata', 'pages_read_engagement'] })

  const page = await stage.look()

  expect(page.state).toBe('connected')
  expect(standingOf(page)).toBe('missing permission: pages_read_user_content, pages_manage_engagement, pages_messaging')
})

it('officers hear of a token that ends within a week, once', async () => {
  stage.facebook.describeToken(pageId, { expiresAt: Math.floor((stage.now().getTime() + 8 * day) / 1000) })
  await stage.look()
  expect(await stage.told()).toEqual([])

  stage.pass(day)
  await stage.look()
  stage.pass(day)
  await stage.look()

  expect(await stage.told()).toEqual([expect.stringContaining('hết hạn lúc 09:00 ngày 10/03/2026')])
})

it('with a wrong app secret every Page stops for that reason, and goes on when it is right again', async () => {
  stage.facebook.fail({ match: { path: /debug_token/ }, how: how.refuse(190) })

  expect(standingOf(await stage.look())).toBe('stopped: app_setup')

  stage.pass(10 * minute)
  expect((await stage.look()).state).toBe('connected')
})

it('an outage says nothing about a Page: it is looked at again soon', async () => {
  stage.facebook.fail({ times: 10, how: how.answer(502, '<html>') })
  const page = await stage.look()
  stage.facebook.heal()

  expect(page.state).toBe('unknown')
  expect(await stage.told()).toEqual([])
  stage.pass(10 * minute)
  expect(await stage.look()).toMatchObject({ state: 'connected', subscriptionProblem: null, reconcileProblem: null })
})

describe('a Page that was unsubscribed without a word', () => {
  it('is subscribed again, and what was written meanwhile comes in as history', async () => {
    await stage.look()
    stage.facebook.dropSubscription(pageId)
    comment('Chợ mấy giờ họp?')
    comment('Bao giờ có nước?')
    stage.pass(hour)

    const page = await stage.look()

    expect(stage.facebook.subscribedFields(pageId)).toContain('feed')
    expect(page).toMatchObject({ repairs: 1, found: 2, missed: 2, missedInAll: '2' })
    expect(await events()).toEqual([
      { text: 'Bao giờ có nước?', lane: 4 },
      { text: 'Chợ mấy giờ họp?', lane: 4 },
    ])
  })

  it('in one field only gets that back', async () => {
    await stage.look()
    stage.facebook.dropSubscription(pageId, ['message_edits'])
    stage.pass(hour)

    expect(await stage.look()).toMatchObject({ repairs: 1, subscriptionProblem: null })
    expect(stage.facebook.subscribedFields(pageId)).toContain('message_edits')
  })
})

describe('reading again', () => {
  it('finds as many on Facebook as we have, and makes no second event of any', async () => {
    await stage.hear('Đã báo về')
    comment('Bị sót')
    stage.pass(10 * minute)

    expect(await stage.look()).toMatchObject({ found: 2, missed: 1 })
    stage.pass(hour)

    expect(await stage.look()).toMatchObject({ found: 2, missed: 0, missedInAll: '1' })
    expect(await events()).toEqual([
      { text: 'Bị sót', lane: 4 },
      { text: 'Đã báo về', lane: 2 },
    ])
  })

  it('leaves to its webhook what was written a moment ago', async () => {
    comment('Vừa viết')
    expect(await stage.look()).toMatchObject({ found: 0, missed: 0 })

    stage.pass(hour)
    expect(await stage.look()).toMatchObject({ found: 1, missed: 1 })
  })

  it('takes in nothing from before the Page came to us', async () => {
    await db.updateTable('pageWatch').set({ connectedAt: stage.now() }).execute()
    stage.pass(-day)
    comment('Câu hỏi cũ')
    stage.pass(day + hour)

    expect(await stage.look()).toMatchObject({ found: 0, missed: 0 })
  })

  it('that is cut off keeps what it found and goes on where Graph allows', async () => {
    const second = stage.facebook.addPost(pageId, { text: 'Bài hai' })
    comment('Dưới bài một')
    stage.facebook.comment({ pageId, postId: second, author: resident, text: 'Dưới bài hai' })
    stage.pass(hour)
    const path = new RegExp(`${stage.postId}/comments`)
    stage.facebook.fail({ match: { path }, how: how.throttled(pageId, 30) })

    expect(await stage.look()).toMatchObject({ reconciledAt: null, reconcileProblem: '80001', missedInAll: '1' })
    stage.pass(29 * minute)
    expect((await stage.look()).reconciledAt).toBeNull()
    stage.pass(minute)
    expect(await stage.look()).toMatchObject({ reconcileProblem: null, found: 2, missed: 1, missedInAll: '2' })
    expect(await events()).toHaveLength(2)
  })
})

describe('a Page that falls silent', () => {
  beforeEach(async () => {
    await stage.look()
    // Four weeks in which it was heard in every hour from 7 to 21 in Viet Nam.
    await sql`insert into account_hours select ${stage.page}, hour
      from generate_series(${stage.now()}::timestamptz - interval '28 days', ${stage.now()}, interval '1 hour') as hour
      where extract(hour from hour at time zone 'Asia/Ho_Chi_Minh') between 7 and 21`.execute(db)
    await stage.hear('Như mọi ngày')
  })

  async function passHours(hours: number): Promise<void> {
    for (let n = 0; n < hours; n += 1) {
      stage.pass(hour)
      await stage.look()
    }
  }

  it('is noticed within hours of the day; all is looked at, and the officers are told once', async () => {
    await passHours(6)

    const page = await findWatched(db, stage.page)
    expect(standingOf(page)).toBe('silent since 2026-03-02T02:00:00.000Z')
    expect(await stage.told()).toEqual([
      expect.stringMatching(/từ 09:00 ngày 02\/03\/2026 .*\nMáy đã đọc lại trang: không sót bình luận nào\./),
    ])
  })

  it('is read again at once, and the officers are told how much was missed', async () => {
    await passHours(2)
    comment('Có ai nghe không?')
    stage.pass(10 * minute)
    await stage.look()

    expect(await stage.told()).toEqual([expect.stringContaining('có 1 bình luận bị sót')])
    expect(await events()).toHaveLength(2)
  })

  it('that is heard again is as it was', async () => {
    await passHours(6)
    await stage.hear('Tôi đây')
    await passHours(1)

    expect(standingOf(await findWatched(db, stage.page))).toBe('ok')
    await passHours(6)
    expect(await stage.told()).toHaveLength(2)
  })

  it('through the night is not called silent', async () => {
    stage.pass(12 * hour)
    await stage.hear('Chín giờ tối')
    await passHours(10)

    expect(standingOf(await findWatched(db, stage.page))).toBe('ok')
    expect(await stage.told()).toEqual([])
  })
})

it('a token given by a person is looked at with the next look', async () => {
  await stage.look()
  await saveLogin(db, keyRing, stage.page, 'ANOTHER_TOKEN')
  await wantTokenChecks(db, stage.now())

  expect(standingOf(await stage.look())).toBe('stopped: token')
})
