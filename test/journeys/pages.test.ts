import { createHmac } from 'node:crypto'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { simulatedApp } from '../../sim/town.ts'
import { findAccount } from '../../src/accounts/store.ts'
import { findWatched, type WatchedPage } from '../../src/channels/store.ts'
import { testDatabase } from '../support/database.ts'
import { openOffice } from '../support/office.ts'
import { until } from '../support/until.ts'

const { connection } = await testDatabase()
const oldSecret = 'the-secret-before-this-one'
const office = await openOffice(connection, { FACEBOOK_APP_SECRET: `${simulatedApp.appSecret},${oldSecret}` })
const { app, facebook, zalo, town } = office
afterAll(() => office.stop())
afterEach(() => facebook.heal())

const resident = { id: '24000000000000001', name: 'Nguyễn Văn Gia' }
const officersChat = { group: town.zalo.officersGroup }

async function page(): Promise<WatchedPage> {
  const account = await findAccount(app.db, 'facebook', town.pageId)
  if (account === null) throw new Error('the Page is not set up')
  return findWatched(app.db, account.id)
}

/** What would be due in hours is due now. */
async function now(...due: ('tokenDueAt' | 'subscriptionDueAt' | 'reconcileDueAt')[]): Promise<void> {
  const at = new Date()
  await app.db
    .updateTable('pageWatch')
    .set(Object.fromEntries(due.map((name) => [name, at])))
    .execute()
}

function comment(text: string): string {
  return facebook.comment({ pageId: town.pageId, postId: town.postId, author: resident, text })
}

function replies(commentId: string): string[] {
  const comments = facebook.wall(town.pageId).posts.flatMap((post) => post.comments)
  return comments.find((one) => one.id === commentId)?.replies.map((reply) => reply.text) ?? []
}

const cardAbout = (text: string) =>
  until(() => zalo.conversation(officersChat).find((message) => message.text.includes(text)), {
    what: `the card about ${text}`,
  })

async function standing(): Promise<string | undefined> {
  const { parts } = (await (await fetch(`${app.url}/health/ready`)).json()) as { parts: Record<string, string> }
  return parts[`facebook ${town.pageId}`]
}

it('a new Page is unproved until its first real comment', async () => {
  await until(async () => (await standing()) === 'unproved', { what: 'the Page is looked after' })
  await until(async () => (await page()).state === 'connected', { what: 'the Page was looked at' })
  expect(await standing()).toBe('unproved')

  comment('Cho hỏi giờ tiếp công dân?')

  await until(async () => (await standing()) === 'ok', { what: 'the Page is proved' })
  const metrics = await (await fetch(`${app.url}/metrics`)).text()
  expect(metrics).toMatch(/danhoi_account_last_event_age_seconds\{platform="facebook",account="\d+"\} [\d.]+/)
  expect(metrics).toContain(`danhoi_page_silent{page="${town.pageId}"} 0`)
})

describe('comments that no webhook told of', () => {
  it('are found and answered like any other, without a late acknowledgement', async () => {
    const before = (await page()).missedInAll
    facebook.dropSubscription(town.pageId)
    const commentId = comment('Cho hỏi thủ tục cấp lại sổ hộ nghèo cần giấy tờ gì?')

    // Young comments are left to their webhooks, so it may take more than one reading.
    await until(
      async () => {
        await now('reconcileDueAt', 'subscriptionDueAt')
        return (await page()).missedInAll !== before
      },
      { everyMs: 200, what: 'the comment is found' },
    )
    const card = await cardAbout('sổ hộ nghèo')
    zalo.say({ ...officersChat, person: 'hoa', text: 'Cần đơn và căn cước công dân.', quote: card.msgId })

    await until(() => replies(commentId).some((text) => text.includes('căn cước')), { what: 'the answer is public' })
    expect(replies(commentId)).toHaveLength(1)
    await until(async () => (await page()).repairs === 1, { what: 'the subscription is repaired' })
    expect(facebook.subscribedFields(town.pageId)).toContain('feed')
  })

  it('and told late by their webhook stay one case', async () => {
    facebook.pauseWebhooks()
    comment('Đường thôn Đông bị sụt lún nặng, đề nghị xã sửa chữa')
    const events = () =>
      app.db.selectFrom('events').select(['lane', 'outcome']).where('text', 'like', 'Đường thôn Đông%').execute()
    await until(
      async () => {
        await now('reconcileDueAt')
        return (await events()).some(({ outcome }) => outcome !== null)
      },
      { everyMs: 200, what: 'the comment is found' },
    )

    facebook.releaseWebhooks()
    await facebook.idle()
    await until(
      async () =>
        (await app.db.selectFrom('deliveries').select('id').where('state', '=', 'received').execute()).length === 0,
      { what: 'the late webhook is read' },
    )

    expect(await events()).toEqual([{ lane: 4, outcome: 'opened_case' }])
  })
})

it('a token that dies is told to the officers once, answers wait, and go out when it lives again', async () => {
  const commentId = comment('Cho hỏi lịch tiêm chủng mở rộng của trạm y tế?')
  const card = await cardAbout('tiêm chủng')
  await until(() => replies(commentId).length === 1, { what: 'the acknowledgement is public' })
  facebook.breakToken(town.pageId, { subcode: 460 })
  zalo.say({ ...officersChat, person: 'hoa', text: 'Ngày 25 hằng tháng.', quote: card.msgId })

  const notices = (text: string) =>
    zalo.conversation(officersChat).filter((message) => message.text.includes(text)).length
  await until(() => notices('đã bị ngắt') > 0, { what: 'the officers are told' })
  await until(async () => (await page()).tokenProblem === 'invalid', { what: 'the token was looked at' })
  expect(await standing()).toBe('stopped: token')

  facebook.mendToken(town.pageId)
  await until(
    async () => {
      await now('tokenDueAt')
      return replies(commentId).some((text) => text.includes('Ngày 25'))
    },
    { everyMs: 200, what: 'the answer is public' },
  )
  await until(() => notices('đã kết nối lại') > 0, { what: 'the officers are told that it is repaired' })
  expect(notices('đã bị ngắt')).toBe(1)
  expect(replies(commentId).filter((text) => text.includes('Ngày 25'))).toHaveLength(1)
})

describe('while the app secret is rotated', () => {
  it('webhooks signed with either are taken', async () => {
    const post = (secret: string, body: string) =>
      fetch(`${app.url}/webhooks/facebook`, {
        method: 'POST',
        headers: { 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` },
        body,
      })

    expect((await post(simulatedApp.appSecret, '{"object":"page","entry":[]}')).status).toBe(200)
    expect((await post(oldSecret, '{"object":"page","entry":[]}')).status).toBe(200)
    expect((await post('neither', '{"object":"page","entry":[]}')).status).toBe(401)
  })

  it('a deletion signed with either is taken', async () => {
    const payload = Buffer.from('{"algorithm":"HMAC-SHA256","user_id":"1"}').toString('base64url')
    const sign = (secret: string): string => createHmac('sha256', secret).update(payload).digest('base64url')
    const post = (signature: string) =>
      fetch(`${app.url}/webhooks/facebook/data-deletion`, {
        method: 'POST',
        body: new URLSearchParams({ signed_request: `${signature}.${payload}` }),
      })

    const answer = await post(sign(oldSecret))
    const { url } = (await answer.json()) as { url: string }

    expect(answer.status).toBe(200)
    expect((await fetch(url)).status).toBe(200)
    expect((await post(sign('neither'))).status).toBe(401)
  })
})
