import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noiseOnly } from '../../bots/facebook/noise.ts'
import { isSigned } from '../../bots/facebook/signature.ts'
import { openPool } from '../../src/db/client.ts'
import { createServer } from '../../src/http/server.ts'
import { type FacebookDoor, facebookWebhook } from '../../src/http/webhooks.ts'
import { DeliveryKeeper } from '../../src/intake/keep.ts'
import { createLog } from '../../src/lib/log.ts'
import { emptyTables, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db, pool, connection } = await testDatabase()
beforeEach(() => emptyTables(db))

const MEBIBYTE = 1024 * 1024
const secrets = ['new-app-secret', 'old-app-secret']
const verifyToken = 'the-verify-token'

interface Stage {
  readonly server: ReturnType<typeof createServer>
  readonly lines: string[]
  readonly counted: string[]
}

const stages: Stage[] = []
afterEach(async () => {
  for (const { server } of stages.splice(0)) await server.close()
})

async function open(given: Partial<FacebookDoor> = {}): Promise<Stage> {
  const lines: string[] = []
  const counted: string[] = []
  const server = createServer(createLog('trace', { write: (line) => void lines.push(line) }), null)
  await server.register(async (scope) =>
    facebookWebhook(scope, {
      verifyToken,
      isSigned: (raw, signature) => isSigned(raw, signature, secrets),
      noiseOnly,
      keeper: new DeliveryKeeper(
        pool,
        () => now,
        () => {},
      ),
      count: (name, reason, amount = 1) => void counted.push(`${name} ${reason} ${amount}`),
      ...given,
    }),
  )
  await server.register(async (scope) => scope.post('/other', async () => 'ok'))
  const stage = { server, lines, counted }
  stages.push(stage)
  return stage
}

const signature = (body: string | Buffer, secret = 'new-app-secret'): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`

async function post(stage: Stage, body: string | Buffer, headers: Record<string, string> = {}) {
  return stage.server.inject({
    method: 'POST',
    url: '/webhooks/facebook',
    payload: body,
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature(body), ...headers },
  })
}

const comment = JSON.stringify({
  object: 'page',
  entry: [
    { id: '101', time: 1, changes: [{ field: 'feed', value: { item: 'comment', verb: 'add', comment_id: '1_2' } }] },
  ],
})
const reaction = JSON.stringify({
  object: 'page',
  entry: [
    {
      id: '101',
      time: 1,
      changes: [
        { field: 'feed', value: { item: 'reaction', verb: 'add' } },
        { field: 'feed', value: { item: 'reaction', verb: 'remove' } },
        { field: 'feed', value: { item: 'like', verb: 'add' } },
      ],
    },
  ],
})
const kept = () => db.selectFrom('deliveries').selectAll().execute()

describe('the handshake', () => {
  const ask = async (query: string) => {
    const { server } = await open()
    const { statusCode, body, headers } = await server.inject({ url: `/webhooks/facebook${query}` })
    return { statusCode, body, type: headers['content-type'] }
  }
  const right = `hub.mode=subscribe&hub.verify_token=${verifyToken}&hub.challenge=1158201444`

  it('repeats the challenge to who knows the word, as plain text', async () => {
    expect(await ask(`?${right}`)).toEqual({ statusCode: 200, body: '1158201444', type: 'text/plain' })
  })

  it('never interprets the challenge', async () => {
    expect(await ask(`?${right}%3Cscript%3E`)).toMatchObject({ body: '1158201444<script>', type: 'text/plain' })
  })

  it.each([
    ['nothing', ''],
    ['a wrong word', `?hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1`],
    ['no word', `?hub.mode=subscribe&hub.challenge=1`],
    ['an empty word', `?hub.mode=subscribe&hub.verify_token=&hub.challenge=1`],
    ['the word twice', `?${right}&hub.verify_token=${verifyToken}`],
    ['another mode', `?hub.mode=unsubscribe&hub.verify_token=${verifyToken}&hub.challenge=1`],
    ['no challenge', `?hub.mode=subscribe&hub.verify_token=${verifyToken}`],
  ])('refuses %s', async (_what, query) => {
    expect(await ask(query)).toMatchObject({ statusCode: 403, body: 'forbidden' })
  })
})

describe('a delivery', () => {
  it('signed by Facebook is in the store, byte for byte, when it is answered', async () => {
    const stage = await open()

    const { statusCode, body } = await post(stage, comment)

    expect({ statusCode, body }).toEqual({ statusCode: 200, body: 'ok' })
    expect(await kept()).toMatchObject([
      { platform: 'facebook', accountExternalId: null, lane: 2, state: 'received', body: Buffer.from(comment) },
    ])
    expect(stage.counted).toEqual([])
  })

  it('again is answered again and kept once', async () => {
    const stage = await open()

    expect((await post(stage, comment)).statusCode).toBe(200)
    expect((await post(stage, comment)).statusCode).toBe(200)

    expect(await kept()).toHaveLength(1)
  })

  it('signed with the secret that is being replaced counts as well', async () => {
    const stage = await open()

    const { statusCode } = await post(stage, comment, { 'x-hub-signature-256': signature(comment, 'old-app-secret') })

    expect(statusCode).toBe(200)
    expect(await kept()).toHaveLength(1)
  })

  it.each(['application/json; charset=utf-8', 'application/octet-stream', 'text/plain'])(
    'is kept whatever type it says it has: %s',
    async (type) => {
      expect((await post(await open(), comment, { 'content-type': type })).statusCode).toBe(200)

      expect(await kept()).toHaveLength(1)
    },
  )

  it('whose letters are escaped is kept as it was signed', async () => {
    const escaped = comment.replace('101', '\\u0031\\u0030\\u0031')

    expect((await post(await open(), escaped)).statusCode).toBe(200)

    expect((await kept())[0]?.body.toString()).toBe(escaped)
  })

  it('of a kind nobody knows is kept all the same', async () => {
    const unknown = JSON.stringify({ object: 'page', entry: [{ id: '101', tomorrow: [{}] }] })

    expect((await post(await open(), unknown)).statusCode).toBe(200)

    expect(await kept()).toHaveLength(1)
  })

  it.each([['reactions and likes', reaction, ['ignored_facebook item:reaction 2', 'ignored_facebook item:like 1']]])(
    'of nothing but %s is counted and not kept',
    async (_what, body, counted) => {
      const stage = await open()

      expect((await post(stage, body)).statusCode).toBe(200)

      expect(await kept()).toEqual([])
      expect(stage.counted).toEqual(counted)
    },
  )
})

describe('what is refused', () => {
  it.each<[string, Record<string, string>]>([
    ['another secret', { 'x-hub-signature-256': signature(comment, 'guessed-secret') }],
    ['no secret at all', { 'x-hub-signature-256': signature(comment, '') }],
    ['another body', { 'x-hub-signature-256': signature(`${comment} `) }],
    ['half a signature', { 'x-hub-signature-256': signature(comment).slice(0, 40) }],
    ['a signature of another kind', { 'x-hub-signature-256': signature(comment).replace('sha256', 'sha1') }],
    ['an empty signature', { 'x-hub-signature-256': '' }],
  ])('a body signed with %s: 401, counted, not kept', async (_how, headers) => {
    const stage = await open()

    expect((await post(stage, comment, headers)).statusCode).toBe(401)

    expect(await kept()).toEqual([])
    expect(stage.counted).toEqual(['refused_facebook bad_signature 1'])
  })

  it('a body without any signature', async () => {
    const { server, counted } = await open()

    const { statusCode } = await server.inject({ method: 'POST', url: '/webhooks/facebook', payload: comment })

    expect(statusCode).toBe(401)
    expect(counted).toEqual(['refused_facebook bad_signature 1'])
  })

  it.each(['', 'hello', '{', '{"object":"page",}'])('what is signed and no JSON (%j): 400, counted', async (body) => {
    const stage = await open()

    expect((await post(stage, body)).statusCode).toBe(400)

    expect(stage.counted).toEqual(['refused_facebook not_json 1'])
    expect(await kept()).toEqual([])
  })

  it('the signature is looked at before anything is read', async () => {
    const stage = await open()

    expect((await post(stage, '{', { 'x-hub-signature-256': 'sha256=00' })).statusCode).toBe(401)
  })
})

describe('size', () => {
  const padded = (bytes: number): Buffer => Buffer.from(comment.padEnd(bytes, ' '))

  it('sixteen mebibytes are taken', async () => {
    expect((await post(await open(), padded(16 * MEBIBYTE))).statusCode).toBe(200)

    expect((await kept())[0]?.body.length).toBe(16 * MEBIBYTE)
  })

  it('one byte more is too much', async () => {
    expect((await post(await open(), padded(16 * MEBIBYTE + 1))).statusCode).toBe(413)

    expect(await kept()).toEqual([])
  })

  it('elsewhere one mebibyte is enough', async () => {
    const { server } = await open()
    const send = async (bytes: number) => {
      const payload = `"${'a'.repeat(bytes - 2)}"`
      const headers = { 'content-type': 'application/json' }
      return (await server.inject({ method: 'POST', url: '/other', payload, headers })).statusCode
    }

    expect(await send(MEBIBYTE)).toBe(200)
    expect(await send(MEBIBYTE + 1)).toBe(413)
  })
})

describe('a store that is gone', () => {
  it('is the only thing that is answered with a 5xx: Facebook will bring it again', async () => {
    const pool = openPool(connection, 'app,public', 1, () => {})
    await pool.end()
    const stage = await open({
      keeper: new DeliveryKeeper(
        pool,
        () => now,
        () => {},
      ),
    })

    const answer = await post(stage, comment)

    expect(answer.statusCode).toBe(500)
    expect(answer.json()).toEqual({ type: 'about:blank', status: 500, title: expect.any(String) })
    expect(answer.body).not.toMatch(/pool|postgres|select/i)
    expect(stage.lines.join('')).toContain('request failed')
  })

  it('does not matter for noise and for what is refused', async () => {
    const pool = openPool(connection, 'app,public', 1, () => {})
    await pool.end()
    const stage = await open({
      keeper: new DeliveryKeeper(
        pool,
        () => now,
        () => {},
      ),
    })

    expect((await post(stage, reaction)).statusCode).toBe(200)
    expect((await post(stage, comment, { 'x-hub-signature-256': 'sha256=00' })).statusCode).toBe(401)
    expect((await post(stage, '{')).statusCode).toBe(400)
  })
})

describe('the log', () => {
  it('never shows an address with its query, a body or a secret', async () => {
    const stage = await open()

    await stage.server.inject({ url: `/webhooks/facebook?hub.verify_token=${verifyToken}&hub.mode=x` })
    await stage.server.inject({ url: `/nowhere?token=${verifyToken}` })
    await post(stage, comment)
    await post(stage, `${comment}x`)
    await post(stage, Buffer.alloc(17 * MEBIBYTE))

    const log = stage.lines.join('')
    for (const word of [verifyToken, 'hub.', 'token=', 'comment_id', 'app-secret']) expect(log).not.toContain(word)
  })
})
