import { createHmac } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { beginWatching } from '../../src/channels/store.ts'
import { facebookCallbacks } from '../../src/http/facebook-callbacks.ts'
import { createServer } from '../../src/http/server.ts'
import { plusMs } from '../../src/lib/clock.ts'
import { createLog } from '../../src/lib/log.ts'
import { addAccount, emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
const counted: string[] = []
const server = await start('https://hoi.example.test/')
afterAll(() => server.close())

async function start(publicUrl: string | null): Promise<FastifyInstance> {
  const made = createServer(createLog('silent'), null)
  await made.register(async (scope) =>
    facebookCallbacks(scope, {
      db,
      clock: () => now,
      appSecrets: ['new-secret', 'old-secret'],
      publicUrl,
      count: (_name, reason) => counted.push(reason),
    }),
  )
  return made
}

beforeEach(async () => {
  counted.length = 0
  await emptyTables(db)
  await db.deleteFrom('platformRequests').execute()
})

function signed(payload: object, secret = 'new-secret'): string {
  const encoded = Buffer.from(JSON.stringify(payload)).toString('base64url')
  return `${createHmac('sha256', secret).update(encoded).digest('base64url')}.${encoded}`
}

const asks = { algorithm: 'HMAC-SHA256', issued_at: 1_772_416_800, user_id: '10220000000000001' }

function post(path: string, signedRequest: string, on = server) {
  return on.inject({
    method: 'POST',
    url: `/webhooks/facebook/${path}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', host: 'here.test' },
    payload: new URLSearchParams({ signed_request: signedRequest }).toString(),
  })
}

const rows = () => db.selectFrom('platformRequests').selectAll().execute()

it('a deletion is kept and answered with an address at which its status is read', async () => {
  const answer = await post('data-deletion', signed(asks))

  const { url, confirmation_code: code } = answer.json<{ url: string; confirmation_code: string }>()
  expect(answer.statusCode).toBe(200)
  expect(url).toBe(`https://hoi.example.test/webhooks/facebook/data-deletion/${code}`)
  expect(await rows()).toMatchObject([{ code, kind: 'data_deletion', requestedAt: now }])

  const status = await server.inject(new URL(url).pathname)
  expect(status.statusCode).toBe(200)
  expect(status.headers['content-type']).toBe('text/html; charset=utf-8')
  expect(status.body).toContain(`Yêu cầu ${code} đã được ghi nhận lúc 09:00 ngày 02/03/2026 và đã hoàn tất.`)
})

it('without a public address the status stands where the request came to', async () => {
  const other = await start(null)

  const { url } = (await post('data-deletion', signed(asks), other)).json<{ url: string }>()
  await other.close()

  expect(url).toMatch(/^http:\/\/here\.test\/webhooks\/facebook\/data-deletion\/[0-9A-F]{16}$/)
})

it('the same request again is the same row and the same code', async () => {
  const first = await post('data-deletion', signed(asks))
  const second = await post('data-deletion', signed(asks))

  expect(second.json()).toEqual(first.json())
  expect(await rows()).toHaveLength(1)
})

it('the id of the person is nowhere to be read', async () => {
  await post('deauthorize', signed(asks))

  expect(JSON.stringify(await rows())).not.toContain(asks.user_id)
})

it('while the secret is rotated the old one opens too', async () => {
  expect((await post('data-deletion', signed(asks, 'old-secret'))).statusCode).toBe(200)
})

it('a person who takes the app off lets every Page’s token be looked at again', async () => {
  await addAccount(db, { externalId: '101' })
  await beginWatching(db)
  await db
    .updateTable('pageWatch')
    .set({ tokenDueAt: plusMs(now, 3_600_000) })
    .execute()

  expect((await post('deauthorize', signed(asks))).statusCode).toBe(200)

  expect(await rows()).toMatchObject([{ kind: 'deauthorize' }])
  expect(await db.selectFrom('pageWatch').select('tokenDueAt').execute()).toEqual([{ tokenDueAt: now }])
})

it.each([
  ['signed with another secret', signed(asks, 'somebody-else'), 401, 'bad_signed_request'],
  ['of another algorithm', signed({ ...asks, algorithm: 'none' }), 401, 'bad_signed_request'],
  ['that is no such thing', 'nonsense', 401, 'bad_signed_request'],
  ['that is empty', '', 400, 'no_signed_request'],
])('a request %s is refused and counted', async (_name, request, status, reason) => {
  for (const path of ['deauthorize', 'data-deletion']) expect((await post(path, request)).statusCode).toBe(status)

  expect(counted).toEqual([reason, reason])
  expect(await rows()).toEqual([])
})

it('only a form is read here', async () => {
  const answer = await server.inject({
    method: 'POST',
    url: '/webhooks/facebook/data-deletion',
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({ signed_request: signed(asks) }),
  })

  expect(answer.statusCode).toBe(415)
})

it.each(['0123456789ABCDEF', 'nonsense', '%00'])('of the unknown code %s nothing is told', async (code) => {
  const status = await server.inject(`/webhooks/facebook/data-deletion/${code}`)

  expect(status.statusCode).toBe(404)
  expect(status.body).toContain('Không tìm thấy yêu cầu')
})

it('the code of somebody who only took the app off shows no deletion', async () => {
  const { confirmation_code: code } = (await post('deauthorize', signed(asks))).json<{ confirmation_code: string }>()

  expect((await server.inject(`/webhooks/facebook/data-deletion/${code}`)).statusCode).toBe(404)
})
