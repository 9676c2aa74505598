import { createRequire } from 'node:module'
import { FacebookAdsApi } from 'facebook-nodejs-business-sdk'
import { afterEach, expect, it } from 'vitest'
import { z } from 'zod'
import { json, type LocalServer, startLocalServer } from './local-server.ts'

/** What graph.ts relies on in the SDK: an update that changes it must fail here and not in front of the public. */

let server: LocalServer
afterEach(() => server.stop())

const api = () => new FacebookAdsApi('PAGE_TOKEN', 'en_US', false)

it('a path that is a string is asked as it is, without token, and parameters become a JSON body', async () => {
  server = await startLocalServer(json({ id: '1' }))
  const params = { message: 'Xin chào ộ', recipient: { id: '2' } }

  await expect(api().call('POST', `${server.url}/v30.0/1_2/comments`, params)).resolves.toEqual({ id: '1' })

  expect(server.received).toMatchObject([{ method: 'POST', url: '/v30.0/1_2/comments', authorization: undefined }])
  expect(JSON.parse(server.received[0]?.body ?? '')).toEqual(params)
  expect(params).toEqual({ message: 'Xin chào ộ', recipient: { id: '2' } })
})

it('its axios is one of its own and has interceptors that all its calls pass', async () => {
  server = await startLocalServer(json({ id: '1' }))
  const sdkRequire = createRequire(createRequire(import.meta.url).resolve('facebook-nodejs-business-sdk'))
  const seen: unknown[] = []
  const use: (eject: (config: { url: string }) => unknown) => number = (onRequest) =>
    sdkRequire('axios').interceptors.request.use(onRequest)
  const id = use((config) => {
    seen.push(config.url)
    return config
  })

  await api().call('GET', `${server.url}/v30.0/1_2`)
  sdkRequire('axios').interceptors.request.eject(id)

  expect(seen).toEqual([`${server.url}/v30.0/1_2`])
})

it('without a crash reporter it leaves our process alone', () => {
  const before = process.listenerCount('uncaughtException')

  api()

  expect(process.listenerCount('uncaughtException')).toBe(before)
})

const SdkError = z.object({ name: z.string(), status: z.number().nullish(), url: z.string().optional() })

it.each([
  ['a refusal keeps its address', json({ error: { code: 190 } }, 400), { name: 'FacebookRequestError', status: 400 }],
  [
    'HTML loses its status',
    (response: import('node:http').ServerResponse) => response.writeHead(502).end('<html>'),
    { name: 'SyntaxError' },
  ],
  [
    'a reset loses its cause',
    (response: import('node:http').ServerResponse) => response.destroy(),
    { name: 'FacebookRequestError', status: null },
  ],
])('%s', async (_title, answer, expected) => {
  server = await startLocalServer(answer)

  const thrown: unknown = await api()
    .call('GET', `${server.url}/v30.0/1_2?access_token=PAGE_TOKEN`)
    .catch((error: unknown) => error)

  expect(SdkError.parse(thrown)).toMatchObject(expected)
})
