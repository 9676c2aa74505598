import { beforeEach, describe, expect, it } from 'vitest'
import { facebookChannel, neededFields } from '../../../bots/facebook/channel.ts'
import { normalise } from '../../../bots/facebook/normalise.ts'
import { appSecretProof } from '../../../bots/facebook/signature.ts'
import { neededScopes } from '../../../bots/facebook/token-facts.ts'
import { how } from '../../../sim/facebook/how.ts'
import type { FacebookSim } from '../../../sim/facebook/simulator.ts'
import { type Channel, ChannelError, type Portion } from '../../../src/channels/channel.ts'
import { systemClock } from '../../../src/lib/clock.ts'
import {
  appId,
  appSecret,
  type Product,
  pageId,
  pageToken,
  resident,
  startStage,
  startTown,
} from '../../sim/facebook-stage.ts'
import { json, startLocalServer } from './local-server.ts'

const longAgo = new Date(0)
const ever = 100

function channelOn(url: string, more: { token?: string; appSecret?: string } = {}): Channel {
  const page = { pageId, token: more.token ?? pageToken }
  const app = { appId, appSecret: more.appSecret ?? appSecret, graphUrl: url, version: 'v24.0' }
  return facebookChannel({ ...app, page, timeoutMs: 10_000, clock: systemClock })
}

async function portions(channel: Channel, since = longAgo, posts = ever): Promise<Portion[]> {
  const read: Portion[] = []
  for await (const portion of channel.history(since, posts)) read.push(portion)
  return read
}

describe('a token', () => {
  let sim: FacebookSim
  beforeEach(async () => {
    sim = await startStage()
  })

  it('of this Page for our app with every permission is good', async () => {
    expect(await channelOn(sim.url).checkToken()).toEqual({ problem: null, missingScopes: [], expiresAt: null })
  })

  it('that was broken is invalid', async () => {
    sim.breakToken(pageId)

    expect(await channelOn(sim.url).checkToken()).toMatchObject({ problem: 'invalid' })
  })

  it.each([
    ['of another app', { appId: '999' }, { problem: 'other_app' }],
    ['that lacks a permission', { scopes: neededScopes.slice(1) }, { missingScopes: ['pages_manage_metadata'] }],
    [
      'that was granted one for other Pages only',
      { granularScopes: [{ scope: 'pages_messaging', target_ids: ['1'] }] },
      { missingScopes: ['pages_messaging'] },
    ],
    ['that ends', { expiresAt: 1_800_000_000 }, { expiresAt: new Date(1_800_000_000_000) }],
    [
      'whose access to data ends first',
      { expiresAt: 1_800_000_000, dataAccessExpiresAt: 1_700_000_000 },
      { expiresAt: new Date(1_700_000_000_000) },
    ],
  ])('%s is told apart', async (_name, facts, expected) => {
    sim.describeToken(pageId, { ...facts, ...('scopes' in facts ? { scopes: [...facts.scopes] } : {}) })

    expect(await channelOn(sim.url).checkToken()).toMatchObject(expected)
  })

  it('cannot be looked at with a wrong app secret, and that is not the token’s fault', async () => {
    await expect(channelOn(sim.url, { appSecret: 'another-secret' }).checkToken()).rejects.toMatchObject({
      advice: { do: 'stop', reason: 'app_setup' },
    })
  })
})

it('while the app secret is rotated every call is proved with the first', async () => {
  const server = await startLocalServer(json({ data: [] }))
  try {
    await channelOn(server.url).missingFields()

    expect(server.received[0]?.url).toContain(`appsecret_proof=${appSecretProof(pageToken, appSecret)}`)
  } finally {
    await server.stop()
  }
})

it('a subscription that was lost in part is made whole and keeps what others switched on', async () => {
  const sim = await startStage()
  const channel = channelOn(sim.url)
  sim.dropSubscription(pageId, ['feed', 'messages'])

  expect(await channel.missingFields()).toEqual(['feed', 'messages'])
  await channel.subscribe()

  expect(await channel.missingFields()).toEqual([])
  expect(sim.subscribedFields(pageId)).toEqual(expect.arrayContaining([...neededFields, 'messaging_referrals']))
})

describe('history', () => {
  let sim: FacebookSim
  let product: Product
  let postId: string
  beforeEach(async () => {
    ;({ sim, product, postId } = await startTown())
  })

  it('is told exactly as its webhooks told it', async () => {
    const photoPost = sim.addPost(pageId, { text: 'Ảnh', kind: 'photo', photoUrl: 'https://x.test/1.jpg' })
    const question = sim.comment({ pageId, postId, author: resident, text: 'Cho hỏi 🚜 lịch gặt?' })
    sim.comment({ pageId, postId, author: resident, text: 'Ai biết không?', parentCommentId: question })
    sim.comment({ pageId, postId: photoPost, author: resident, text: '', photoUrl: 'https://x.test/2.jpg' })
    sim.officerRepliesInApp({ pageId, commentId: question, text: 'Ngày mai.' })
    sim.visitorPost({ pageId, author: resident, text: 'Đường hỏng' })
    await sim.idle()

    const told = product.received.flatMap(({ raw }) => eventsOf(Buffer.from(raw)))
    const read = (await portions(channelOn(sim.url))).flatMap((one) => eventsOf(one.deliveryOf(one.writings)))

    expect(read).toHaveLength(5)
    expect(byKey(read)).toEqual(byKey(told))
  })

  it('makes the same bytes however often and in whatever order it is asked', async () => {
    for (const text of ['Một', 'Hai', 'Ba']) sim.comment({ pageId, postId, author: resident, text })

    const [first] = await portions(channelOn(sim.url))
    const [second] = await portions(channelOn(sim.url))

    const backwards = [...(second?.writings ?? [])].reverse()
    expect(second?.deliveryOf(backwards)).toEqual(first?.deliveryOf(first.writings))
  })

  it('goes on over more comments than one read brings', async () => {
    for (let n = 0; n < 230; n += 1) sim.comment({ pageId, postId, author: resident, text: `Câu ${n}` })

    const [all] = await portions(channelOn(sim.url))

    expect(new Set(all?.writings.map(({ messageId }) => messageId)).size).toBe(230)
  })

  it('ends at the moment asked for, except that so many posts are looked at however old they are', async () => {
    sim.comment({ pageId, postId, author: resident, text: 'Cũ' })
    const future = new Date(Date.now() + 60_000)

    expect(await portions(channelOn(sim.url), future, 5)).toMatchObject([{ writings: [] }])
    expect(await portions(channelOn(sim.url), future, 0)).toEqual([])
  })

  it('leaves the rest of Graph’s patience to the answers', async () => {
    sim.setUsage({ app: { call_count: 81, total_time: 1, total_cputime: 1 } })

    await expect(portions(channelOn(sim.url))).rejects.toMatchObject({ platformCode: 'usage', advice: { do: 'wait' } })
    expect(sim.log.filter(({ kind }) => kind === 'call')).toHaveLength(1)
  })

  it('passes over a post that was removed while it was read', async () => {
    const other = sim.addPost(pageId, { text: 'Khác' })
    sim.comment({ pageId, postId, author: resident, text: 'Một' })
    sim.fail({ match: { path: new RegExp(`${other}/comments`) }, how: how.refuse(100, 33) })

    const read = await portions(channelOn(sim.url))

    expect(read.map(({ writings }) => writings.length)).toEqual([0, 1])
  })

  it.each([
    ['a dead token', how.refuse(190, 463), { do: 'stop', reason: 'token' }],
    ['an outage', how.answer(502, '<html>'), { do: 'go_on' }],
    ['a throttled Page', how.throttled(pageId, 30), { do: 'wait' }],
  ])('%s says what it means for the Page', async (_name, trouble, advice) => {
    sim.fail({ how: trouble })

    const thrown = await portions(channelOn(sim.url)).catch((error: unknown) => error)

    expect(thrown).toBeInstanceOf(ChannelError)
    expect(thrown).toMatchObject({ advice })
  })
})

function eventsOf(body: Buffer) {
  return normalise({ accountExternalId: null, body }).flatMap((item) => (item.kind === 'ignored' ? [] : [item]))
}

function byKey(events: ReturnType<typeof eventsOf>) {
  return [...events].sort((a, b) => (a.dedupeKey < b.dedupeKey ? -1 : 1))
}
