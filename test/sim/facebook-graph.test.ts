import { describe, expect, it } from 'vitest'
import { startFacebookSim } from '../../sim/facebook/server.ts'
import { secretProof } from '../../sim/facebook/wire.ts'
import {
  appId,
  appSecret,
  graph,
  onlyUpdate,
  pageId,
  pageToken,
  resident,
  startStage,
  startTown,
} from './facebook-stage.ts'

const error = (code: number, subcode?: number): object => ({
  error: expect.objectContaining(subcode === undefined ? { code } : { code, error_subcode: subcode }),
})

describe('who may start it', () => {
  it('without leave nothing starts, and never beyond loopback', async () => {
    const options = { appId, appSecret, verifyToken: 'V' }

    await expect(startFacebookSim({ ...options, allow: false })).rejects.toThrow(/SIMULATORS=allow/u)
    await expect(startFacebookSim({ ...options, allow: true, host: '0.0.0.0' })).rejects.toThrow(/loopback only/u)
  })
})

describe('public replies', () => {
  it('a reply stands under its comment on the wall and comes back as our own webhook', async () => {
    const { sim, product, postId } = await startTown()
    const id = sim.comment({ pageId, postId, author: resident, text: 'Bao giờ sửa đường?' })

    const { http, body } = await graph(sim, 'POST', `${id}/comments`, { message: 'Dạ, tháng tới ạ.' })
    await sim.idle()

    expect(http).toBe(200)
    expect(sim.wall(pageId).posts[0]?.comments).toMatchObject([
      { id, author: resident, replies: [{ id: body.id, isPage: true, text: 'Dạ, tháng tới ạ.' }] },
    ])
    expect(onlyUpdate(product.received.at(-1))).toMatchObject({
      item: 'comment',
      verb: 'add',
      comment_id: body.id,
      parent_id: id,
      from: { id: pageId },
    })
    expect(sim.log).toContainEqual(
      expect.objectContaining({ kind: 'public', what: 'comment', via: 'graph', id: body.id, text: 'Dạ, tháng tới ạ.' }),
    )
    expect(sim.log).toContainEqual(
      expect.objectContaining({
        kind: 'call',
        method: 'POST',
        path: `/${id}/comments`,
        status: 200,
        created: [body.id],
      }),
    )
  })

  it('a reply to a reply stands under the root', async () => {
    const { sim, postId } = await startTown()
    const root = sim.comment({ pageId, postId, author: resident, text: 'một' })
    const reply = sim.comment({ pageId, postId, author: resident, text: 'hai', parentCommentId: root })

    const { body } = await graph(sim, 'POST', `${reply}/comments`, { message: 'trả lời' })

    const read = await graph(sim, 'GET', `${String(body.id)}?fields=parent{id},from,message`)
    expect(read.body).toMatchObject({ parent: { id: root }, from: { id: pageId }, message: 'trả lời' })
  })

  it('replies read back newest first, a page at a time, only with the token of the Page', async () => {
    const { sim, postId } = await startTown()
    const root = sim.comment({ pageId, postId, author: resident, text: 'một' })
    for (const text of ['a', 'b', 'c']) await graph(sim, 'POST', `${root}/comments`, { message: text })
    const query = `${root}/comments?fields=id,from,message&filter=stream&order=reverse_chronological&limit=2`

    const first = await graph(sim, 'GET', query)
    const paging = first.body.paging as { cursors: { after: string }; next: string }
    const second = await graph(sim, 'GET', `${query}&after=${paging.cursors.after}`)
    sim.addUser({ id: '9', name: 'Người quản trị', token: 'USER', pageIds: [pageId] })
    const asUser = await graph(sim, 'GET', query, undefined, 'USER')

    expect(first.body.data).toMatchObject([{ message: 'c', from: { id: pageId } }, { message: 'b' }])
    expect(second.body.data).toMatchObject([{ message: 'a' }])
    expect(second.body.paging).not.toHaveProperty('next')
    expect(asUser).toMatchObject({ http: 200, body: { data: [] } })
    expect((await graph(sim, 'GET', `${root}/comments?order=ranked`)).body).toEqual(error(100))
  })

  it('a comment that is gone cannot be answered: 100/33', async () => {
    const { sim, postId } = await startTown()
    const id = sim.comment({ pageId, postId, author: resident, text: 'một' })
    sim.removeComment({ commentId: id })

    const { http, body } = await graph(sim, 'POST', `${id}/comments`, { message: 'trả lời' })

    expect([http, body]).toEqual([400, error(100, 33)])
    expect((await graph(sim, 'GET', id)).body).toEqual(error(100, 33))
    expect((await graph(sim, 'GET', `${postId}?fields=id`)).body).toEqual({ id: postId })
  })

  it('our own reply can be edited and deleted; a second deletion finds nothing', async () => {
    const { sim, product, postId } = await startTown()
    const root = sim.comment({ pageId, postId, author: resident, text: 'một' })
    const { body } = await graph(sim, 'POST', `${root}/comments`, { message: 'sai' })
    const id = String(body.id)

    expect((await graph(sim, 'POST', root, { message: 'lời người khác' })).body).toEqual(error(200))
    expect((await graph(sim, 'POST', id, { message: 'đúng' })).body).toEqual({ success: true })
    expect(sim.wall(pageId).posts[0]?.comments[0]?.replies).toMatchObject([{ text: 'đúng', edited: true }])
    expect((await graph(sim, 'DELETE', id)).body).toEqual({ success: true })
    expect((await graph(sim, 'DELETE', id)).body).toEqual(error(100, 33))
    await sim.idle()
    expect(product.received.slice(-2).map((delivery) => onlyUpdate(delivery).verb)).toEqual(['edited', 'remove'])
  })

  it('a hidden comment leaves the wall and returns; a wrong parameter name succeeds and does nothing', async () => {
    const { sim, postId } = await startTown()
    const id = sim.comment({ pageId, postId, author: resident, text: 'một' })
    const seen = (): number => sim.wall(pageId).posts[0]?.comments.length ?? 0

    await graph(sim, 'POST', id, { hide: true })
    expect(seen()).toBe(1)
    await graph(sim, 'POST', id, { is_hidden: true })
    expect(seen()).toBe(0)
    await graph(sim, 'POST', id, { is_hidden: false })
    expect(seen()).toBe(1)
  })

  it('a visitor post is answered by a comment on it', async () => {
    const { sim } = await startTown()
    const post = sim.visitorPost({ pageId, author: resident, text: 'Tôi hỏi sổ đỏ' })

    const { http } = await graph(sim, 'POST', `${post}/comments`, { message: 'Dạ' })

    expect(http).toBe(200)
    expect(sim.wall(pageId).posts[0]).toMatchObject({
      id: post,
      isPage: false,
      comments: [{ isPage: true, text: 'Dạ' }],
    })
  })
})

describe('tokens', () => {
  it('missing, unknown and broken tokens are refused, a wrong proof too', async () => {
    const sim = await startStage()
    const proof = secretProof(appSecret, pageToken)
    const ask = async (query: string): Promise<unknown> => (await fetch(`${sim.url}/${pageId}?${query}`)).json()

    expect(await ask('')).toEqual(error(104))
    expect(await ask('access_token=WRONG')).toEqual(error(190))
    expect(await ask(`access_token=${pageToken}&appsecret_proof=${proof}&fields=id`)).toEqual({ id: pageId })
    expect(await ask(`access_token=${pageToken}&appsecret_proof=${proof.slice(1)}0`)).toEqual(error(100))
    sim.breakToken(pageId, { subcode: 460 })
    expect(await ask(`access_token=${pageToken}`)).toEqual(error(190, 460))
    sim.mendToken(pageId)
    expect(await ask(`access_token=${pageToken}&fields=name`)).toMatchObject({ id: pageId })
  })

  it('another Page sees nothing and a person may not write as the Page', async () => {
    const { sim, postId } = await startTown()
    sim.addPage({ id: '102', name: 'Xã bên', token: 'T102' })
    sim.addUser({ id: '9', name: 'Người quản trị', token: 'USER', pageIds: [pageId] })
    const id = sim.comment({ pageId, postId, author: resident, text: 'một' })

    expect((await graph(sim, 'GET', id, undefined, 'T102')).body).toEqual(error(100, 33))
    expect((await graph(sim, 'POST', `${id}/comments`, { message: 'x' }, 'T102')).body).toEqual(error(100, 33))
    expect((await graph(sim, 'POST', `${id}/comments`, { message: 'x' }, 'USER')).body).toEqual(error(190, 2069032))
    expect(sim.wall(pageId).posts[0]?.comments[0]?.replies).toEqual([])
  })

  it('a person finds the Pages they manage and the app examines a token', async () => {
    const sim = await startStage()
    sim.addUser({ id: '9', name: 'Người quản trị', token: 'USER', pageIds: [pageId] })

    expect((await graph(sim, 'GET', 'me/accounts', undefined, 'USER')).body).toMatchObject({
      data: [{ id: pageId, access_token: pageToken }],
    })
    expect((await graph(sim, 'GET', `${pageId}?fields=access_token`, undefined, 'USER')).body).toEqual({
      id: pageId,
      access_token: pageToken,
    })
    const examine = (token: string): Promise<{ body: unknown }> =>
      graph(sim, 'GET', `debug_token?input_token=${token}`, undefined, `${appId}|${appSecret}`)
    expect((await examine(pageToken)).body).toMatchObject({
      data: { is_valid: true, profile_id: pageId, type: 'PAGE' },
    })
    expect((await examine('WRONG')).body).toMatchObject({ data: { is_valid: false, error: { code: 190 } } })
  })

  it('a subscription can be made, audited, lost silently and made again', async () => {
    const sim = await startStage()
    const audit = async (): Promise<unknown> => (await graph(sim, 'GET', `${pageId}/subscribed_apps`)).body

    expect(
      (await graph(sim, 'POST', `${pageId}/subscribed_apps`, { subscribed_fields: 'feed,messages' })).body,
    ).toEqual({
      success: true,
    })
    expect(await audit()).toMatchObject({ data: [{ id: appId, subscribed_fields: ['feed', 'messages'] }] })
    sim.dropSubscription(pageId)
    expect(await audit()).toEqual({ data: [] })
    await graph(sim, 'POST', `${pageId}/subscribed_apps`, { subscribed_fields: ['feed'] })
    expect(sim.subscribedFields(pageId)).toEqual(['feed'])
  })
})

describe('Messenger', () => {
  const hour = 3_600_000

  it('a text goes out within 24 hours of the last word and comes back as an echo with our metadata', async () => {
    let now = 1_793_000_000_000
    const { sim, product } = await startTown({ now: () => now })
    sim.message({ pageId, psid: '777', name: 'Lê Thị Giả', text: 'Hỏi' })
    const write = (text: string): Promise<{ http: number; body: Record<string, unknown> }> =>
      graph(sim, 'POST', `${pageId}/messages`, {
        recipient: { id: '777' },
        messaging_type: 'RESPONSE',
        message: { text, metadata: 'dhmt:42' },
      })

    now += 23 * hour
    const sent = await write('Dạ')
    now += 2 * hour
    const late = await write('Muộn')
    await sim.idle()

    expect(sent.body).toEqual({ recipient_id: '777', message_id: expect.stringMatching(/^m_/u) })
    expect([late.http, late.body]).toEqual([400, error(10, 2018278)])
    expect(sim.chat(pageId, '777').messages.map(({ text, fromPage }) => [text, fromPage])).toEqual([
      ['Hỏi', false],
      ['Dạ', true],
    ])
    expect(onlyUpdate(product.received.at(-1))).toMatchObject({
      sender: { id: pageId },
      recipient: { id: '777' },
      message: { mid: sent.body.message_id, is_echo: true, app_id: Number(appId), metadata: 'dhmt:42' },
    })
  })

  it('a comment gets one private reply, which opens no window until the person answers', async () => {
    const { sim, postId } = await startTown()
    const id = sim.comment({ pageId, postId, author: resident, text: 'một' })
    const privately = (): Promise<{ body: Record<string, unknown> }> =>
      graph(sim, 'POST', `${pageId}/messages`, { recipient: { comment_id: id }, message: { text: 'Riêng' } })

    const first = await privately()
    const psid = String(first.body.recipient_id)

    expect(psid).not.toBe(resident.id)
    expect((await privately()).body).toEqual(error(10900))
    const followUp = { recipient: { id: psid }, message: { text: 'nữa' } }
    expect((await graph(sim, 'POST', `${pageId}/messages`, followUp)).body).toEqual(error(10, 2018278))
    expect((await graph(sim, 'GET', `${psid}?fields=first_name`)).body).toEqual(error(100, 2018218))
    sim.message({ pageId, psid, name: resident.name, text: 'Vâng' })
    expect((await graph(sim, 'POST', `${pageId}/messages`, followUp)).http).toBe(200)
    expect((await graph(sim, 'GET', `${psid}?fields=first_name,last_name`)).body).toEqual({
      id: psid,
      first_name: 'Giả',
      last_name: 'Nguyễn Văn',
    })
    expect((await graph(sim, 'GET', `${id}?fields=can_reply_privately`)).body).toEqual({
      id,
      can_reply_privately: false,
    })
  })

  it('a private reply is refused after seven days and for comments of the Page', async () => {
    let now = 1_793_000_000_000
    const { sim, postId } = await startTown({ now: () => now })
    const id = sim.comment({ pageId, postId, author: resident, text: 'một' })
    const own = sim.officerRepliesInApp({ pageId, commentId: id, text: 'cán bộ' })
    const privately = async (commentId: string): Promise<unknown> =>
      (await graph(sim, 'POST', `${pageId}/messages`, { recipient: { comment_id: commentId }, message: { text: 'x' } }))
        .body

    expect(await privately(own)).toEqual(error(10902))
    expect(await privately('1_2')).toEqual(error(100, 2018292))
    now += 8 * 24 * hour
    expect(await privately(id)).toEqual(error(10902))
  })

  it('the thread reads back newest first', async () => {
    const { sim } = await startTown()
    const first = sim.message({ pageId, psid: '777', name: 'Lê Thị Giả', text: 'Hỏi' })
    const { body } = await graph(sim, 'POST', `${pageId}/messages`, {
      recipient: { id: '777' },
      message: { text: 'Dạ' },
    })

    const fields = 'messages.limit(20){id,message,from,created_time}'
    const read = await graph(sim, 'GET', `${pageId}/conversations?platform=messenger&user_id=777&fields=${fields}`)

    expect(read.body).toMatchObject({
      data: [
        {
          id: 't_777',
          messages: {
            data: [
              { id: body.message_id, message: 'Dạ', from: { id: pageId } },
              { id: first, message: 'Hỏi', from: { id: '777', name: 'Lê Thị Giả' } },
            ],
          },
        },
      ],
    })
  })

  it('tags that died and texts that are too long are refused', async () => {
    const { sim } = await startTown()
    sim.message({ pageId, psid: '777', text: 'Hỏi' })
    const write = async (more: object): Promise<unknown> =>
      (await graph(sim, 'POST', `${pageId}/messages`, { recipient: { id: '777' }, message: { text: 'x' }, ...more }))
        .body

    expect(await write({ messaging_type: 'MESSAGE_TAG', tag: 'CONFIRMED_EVENT_UPDATE' })).toEqual(error(100))
    expect(await write({ messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' })).toEqual(error(10))
    expect(await write({ message: { text: 'x'.repeat(2001) } })).toEqual(error(100))
    expect(await write({ recipient: { id: '999' } })).toEqual(error(100, 2018001))
  })
})

describe('posts', () => {
  it('a post is published, found in the feed, edited and removed', async () => {
    const { sim, product } = await startTown()

    const { body } = await graph(sim, 'POST', `${pageId}/feed`, { message: 'Tổng hợp tuần' })
    const id = String(body.id)
    expect((await graph(sim, 'GET', `${pageId}/feed?limit=1&fields=id,message`)).body.data).toEqual([
      { id, message: 'Tổng hợp tuần' },
    ])
    await graph(sim, 'POST', id, { message: 'Tổng hợp tháng' })
    expect(sim.wall(pageId).posts[0]?.text).toBe('Tổng hợp tháng')
    await graph(sim, 'DELETE', id)
    expect(sim.wall(pageId).posts.map((post) => post.id)).not.toContain(id)
    await sim.idle()
    expect(product.received.map((delivery) => [onlyUpdate(delivery).item, onlyUpdate(delivery).verb])).toEqual([
      ['status', 'add'],
      ['status', 'edited'],
      ['post', 'remove'],
    ])
  })
})
