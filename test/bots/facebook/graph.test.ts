import { inspect } from 'node:util'
import { afterEach, expect, it, vi } from 'vitest'
import { GraphError } from '../../../bots/facebook/failure.ts'
import {
  commentOn,
  type GraphAccess,
  inspectToken,
  readComment,
  readComments,
  readPage,
  readPages,
  readSubscription,
  sendText,
  subscribePage,
} from '../../../bots/facebook/graph.ts'
import { appSecretProof } from '../../../bots/facebook/signature.ts'
import { InvalidInputError } from '../../../src/lib/errors.ts'
import { json, type LocalServer, startLocalServer } from './local-server.ts'

const token = 'EAAFAKEPAGETOKEN'
const appSecret = '0123456789abcdef0123456789abcdef'
const text = 'Mặt trận trả lời: thứ 3 & thứ 6, 100%.'

const servers: LocalServer[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  await Promise.all(servers.splice(0).map((server) => server.stop()))
})

async function graph(
  answer: Parameters<typeof startLocalServer>[0],
  more: Partial<GraphAccess> = {},
): Promise<{ server: LocalServer; access: GraphAccess }> {
  const server = await startLocalServer(answer)
  servers.push(server)
  const access = { graphUrl: server.url, version: 'v25.0', token, appSecret, timeoutMs: 10_000, ...more }
  return { server, access: { tokenIn: 'header', ...access } }
}

it('a comment goes out with the token in the header and its proof in the body', async () => {
  const { server, access } = await graph(json({ id: '122_1502' }))

  await expect(commentOn(access, '122_1501', text)).resolves.toBe('122_1502')

  expect(server.received).toMatchObject([
    {
      method: 'POST',
      url: '/v25.0/122_1501/comments',
      authorization: `Bearer ${token}`,
      body: JSON.stringify({ message: text, appsecret_proof: appSecretProof(token, appSecret) }),
    },
  ])
})

it('where the header is not accepted the token goes into the query', async () => {
  const { server, access } = await graph(json({ id: '122_1502' }), { tokenIn: 'query' })

  await commentOn(access, '122_1501', text)

  expect(server.received).toMatchObject([
    { url: `/v25.0/122_1501/comments?access_token=${token}`, authorization: undefined },
  ])
})

it('a Messenger text is a response that carries our mark', async () => {
  const { server, access } = await graph(json({ recipient_id: '24', message_id: 'm_1' }))

  await expect(sendText(access, '101', '24', text, 'dhmt:0199')).resolves.toBe('m_1')

  expect(JSON.parse(server.received[0]?.body ?? '')).toMatchObject({
    recipient: { id: '24' },
    messaging_type: 'RESPONSE',
    message: { text, metadata: 'dhmt:0199' },
  })
})

it('a read hands out the cursor and never the address that holds the token', async () => {
  const comment = { id: '122_1502', from: { id: '101', name: 'Trang' }, created_time: '2026-10-26T01:46:40+0000' }
  const paging = { cursors: { before: 'b', after: 'a' }, next: `https://graph.facebook.com/?access_token=${token}` }
  const { server, access } = await graph(json({ data: [comment], paging }))

  await expect(readComments(access, '122_1501', 'x')).resolves.toEqual({
    comments: [{ id: '122_1502', authorId: '101', text: '', createdAt: new Date('2026-10-26T01:46:40Z') }],
    after: 'a',
  })
  expect(server.received[0]?.url).toContain('order=reverse_chronological')
  expect(server.received[0]?.url).toContain('after=x')
})

it('the last page has no cursor to go on from', async () => {
  const { access } = await graph(json({ data: [], paging: { cursors: { after: 'a' } } }))

  await expect(readComments(access, '122_1501', null)).resolves.toEqual({ comments: [], after: null })
})

it('usage is told of successes and of refusals', async () => {
  const seen: (string | null)[] = []
  const onUsage: GraphAccess['onUsage'] = ({ app }) => seen.push(app)
  const usage = { 'x-app-usage': '{"call_count":28}' }
  const { access } = await graph(json({ id: '1_2' }, 200, usage), { onUsage })
  const { access: refused } = await graph(json({ error: { code: 4 } }, 403, usage), { onUsage })

  await commentOn(access, '122_1501', text)
  await commentOn(refused, '122_1501', text).catch(() => null)

  expect(seen).toEqual(['{"call_count":28}', '{"call_count":28}'])
})

it.each([
  [
    'a refusal',
    json({ error: { code: 190, error_subcode: 463, message: `bad ${token}` } }, 400),
    { code: 190, subcode: 463, http: 400 },
  ],
  ['HTML', json('<html>', 502), { http: 502, code: null }],
  ['an empty 500', (response) => response.writeHead(500).end(), { http: 500, code: null }],
  ['a reset', (response) => response.destroy(), { http: null, transport: 'ECONNRESET' }],
  ['a redirect', (response) => response.writeHead(302, { location: '/elsewhere' }).end(), { http: 302 }],
  ['200 with an error', json({ error: { code: 2 } }), { http: 200, code: 2 }],
  ['200 without an id', json({}), { http: 200, code: null }],
  ['200 with HTML', (response) => response.writeHead(200).end('<html>'), { http: 200, code: null }],
  ['a bare true', json(true), { http: 200, code: null }],
] satisfies [string, Parameters<typeof startLocalServer>[0], object][])(
  '%s becomes our error and gives nothing away',
  async (_title, answer, facts) => {
    const { server, access } = await graph(answer)

    const thrown = await commentOn(access, '122_1501', text).catch((error: unknown) => error)

    expect(thrown).toBeInstanceOf(GraphError)
    expect(thrown).toMatchObject({ failure: { operation: 'reply_comment', ...facts } })
    expect(inspect(thrown, { depth: 9, showHidden: true })).not.toMatch(/EAAFAKE|Mặt trận|appsecret_proof/u)
    expect(server.received).toHaveLength(1)
  },
)

it('a silent server and one that drips are both given up in time', async () => {
  const { access: silent } = await graph(() => {}, { timeoutMs: 200 })
  const { access: dripping } = await graph(
    (response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const timer = setInterval(() => response.write(' '), 50)
      response.on('close', () => clearInterval(timer))
    },
    { timeoutMs: 200 },
  )

  for (const access of [silent, dripping]) {
    const thrown = await commentOn(access, '122_1501', text).catch((error: unknown) => error)
    expect(thrown).toMatchObject({ failure: { transport: expect.stringMatching(/^(ECONNABORTED|ERR_CANCELED)$/) } })
  }
})

it('a refused connection keeps its cause', async () => {
  const { server, access } = await graph(json({}))
  await server.stop()

  await expect(commentOn(access, '122_1501', text)).rejects.toMatchObject({ failure: { transport: 'ECONNREFUSED' } })
  servers.length = 0
})

it('a proxy of the surroundings is not used', async () => {
  vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:1')
  vi.stubEnv('http_proxy', 'http://127.0.0.1:1')
  vi.stubEnv('NO_PROXY', '')
  vi.stubEnv('no_proxy', '')
  const { access } = await graph(json({ id: '1_2' }))

  await expect(commentOn(access, '122_1501', text)).resolves.toBe('1_2')
})

it('two Pages that call at once keep their tokens apart', async () => {
  const { server, access } = await graph(json({ id: '1_2' }))
  const tokens = ['A', 'B', 'C', 'D']

  await Promise.all(tokens.map((one) => commentOn({ ...access, token: one }, '122_1501', text)))

  expect(server.received.map(({ authorization }) => authorization).sort()).toEqual(tokens.map((one) => `Bearer ${one}`))
})

it('an id that is none never becomes part of an address', async () => {
  const { server, access } = await graph(json({ id: '1' }))

  await expect(commentOn(access, '1_2/../../evil?x=', text)).rejects.toBeInstanceOf(InvalidInputError)
  expect(server.received).toEqual([])
})

it('what connecting a Page needs is read by name', async () => {
  const answers: Record<string, unknown> = {
    '/v25.0/101': { id: '101', name: 'Trang', access_token: 'PAGE' },
    '/v25.0/me/accounts': { data: [{ id: '101', name: 'Trang', access_token: 'PAGE' }] },
    '/v25.0/debug_token': { data: { is_valid: true, type: 'PAGE', scopes: ['pages_messaging'] } },
    '/v25.0/122_1501': { id: '122_1501', message: 'hỏi', from: { id: '24' } },
  }
  const { server, access } = await graph((response, request) => {
    const path = request.url?.split('?')[0] ?? ''
    const subscribed = { data: [{ id: '33', subscribed_fields: ['feed'] }] }
    if (path.endsWith('subscribed_apps')) json(request.method === 'POST' ? { success: true } : subscribed)(response)
    else json(answers[path])(response)
  })

  expect(await readPage(access, '101')).toEqual({ id: '101', name: 'Trang', access_token: 'PAGE' })
  expect(await readPages(access)).toHaveLength(1)
  expect(await inspectToken(access, 'PAGE')).toMatchObject({ is_valid: true, scopes: ['pages_messaging'] })
  expect(await readComment(access, '122_1501')).toMatchObject({ message: 'hỏi', from: { id: '24' } })
  expect(await readSubscription(access, '101', '33')).toEqual(['feed'])
  expect(await readSubscription(access, '101', '34')).toEqual([])
  await subscribePage(access, '101', ['feed', 'messages'])
  expect(JSON.parse(server.received.at(-1)?.body ?? '')).toMatchObject({ subscribed_fields: 'feed,messages' })
})
