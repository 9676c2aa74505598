import { expect, it } from 'vitest'
import { oaId, send, startStage, startTown } from './zalo-oa-stage.ts'

async function order(url: string, name: string, body: object = {}): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${url}/_sim/${name}`, { method: 'POST', body: JSON.stringify(body) })
  return { status: response.status, body: await response.json() }
}

async function read(url: string, name: string): Promise<unknown> {
  return (await fetch(`${url}/_sim/${name}`)).json()
}

it('another process plays the same people and reads the same log', async () => {
  const { sim } = await startTown()

  await order(sim.url, 'addPerson', { id: 'binh', name: 'Võ Văn Bình' })
  const said = await order(sim.url, 'say', { oaId, person: 'binh', text: 'Alo' })
  await order(sim.url, 'idle')

  expect(said).toEqual({ status: 200, body: { id: expect.any(String) } })
  expect(await read(sim.url, 'log?kind=person')).toMatchObject([{ what: 'said', person: 'binh', text: 'Alo' }])
  expect(await read(sim.url, `conversation?oaId=${oaId}&person=binh`)).toMatchObject([{ text: 'Alo' }])
  expect(await read(sim.url, 'state')).toMatchObject({ pendingWebhooks: 0, isWebhookDisabled: false })
})

it('another process plans trouble by name, and takes it back', async () => {
  const { sim, accessToken } = await startStage()
  sim.say({ oaId, person: 'lan', text: 'Alo' })

  await order(sim.url, 'fail', { how: { preset: 'refuse', args: [-216] }, match: { path: 'message/cs' } })
  const refused = await send(sim, accessToken, { text: 'a' })
  await order(sim.url, 'fail', { how: { preset: 'refuse', args: [-216] } })
  await order(sim.url, 'heal')
  const taken = await send(sim, accessToken, { text: 'b' })

  expect([refused, taken].map(({ body }) => body.error)).toEqual([-216, 0])
})

it('weather, single spoils, settings and tokens are open to another process too', async () => {
  const { sim, accessToken, product } = await startTown()

  await order(sim.url, 'weather', { duplicates: 1 })
  await order(sim.url, 'spoil', { do: 'lose' })
  await order(sim.url, 'settings', { replyLimit: 0 })
  sim.say({ oaId, person: 'lan', text: 'mất' })
  sim.say({ oaId, person: 'lan', text: 'hai lần' })
  await sim.idle()
  const limited = await send(sim, accessToken, { text: 'a' })
  await order(sim.url, 'endPairs', { oaId })
  const ended = await send(sim, accessToken, { text: 'a' })
  const consented = await order(sim.url, 'consent', { oaId })

  expect(product.events().map(({ message }) => message?.text)).toEqual(['hai lần', 'hai lần'])
  expect([limited, ended].map(({ body }) => body.error)).toEqual([-211, -216])
  expect(consented.body).toEqual({ code: expect.any(String) })
})

it('a wrong order is refused with its reason', async () => {
  const { sim } = await startStage()

  expect((await order(sim.url, 'say', { oaId })).status).toBe(400)
  expect(await order(sim.url, 'say', { oaId: '1', person: 'lan' })).toMatchObject({
    status: 409,
    body: { code: 'unknown_oa' },
  })
  expect((await order(sim.url, 'fly')).status).toBe(404)
})
