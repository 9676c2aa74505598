import { afterEach, beforeEach, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { connect, type Town, texts, town } from './zalo-client.ts'

let here: Town

beforeEach(async () => {
  here = await town()
})

afterEach(() => here.sim.stop())

async function act(name: string, input: unknown): Promise<{ status: number; body: unknown }> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${here.sim.url}/_sim/${name}`, { method: 'POST', headers, body: JSON.stringify(input) })
  return { status: response.status, body: await response.json() }
}

async function read(address: string): Promise<unknown> {
  return (await fetch(`${here.sim.url}/_sim/${address}`)).json()
}

it('another process sets the scene, speaks, and reads log and conversation', async () => {
  const { api, heard } = await connect(here.sim, here.credentials)
  await act('addPerson', { name: 'Trần Văn Hoà', id: 'hoa' })
  await act('joinGroup', { group: here.group, person: 'hoa' })

  const said = await act('say', { group: here.group, person: 'hoa', text: 'Rác chưa thu' })

  expect(said).toMatchObject({ status: 200, body: { msgId: expect.any(String) } })
  await until(() => texts(heard.messages).includes('Rác chưa thu'))
  expect(await read(`conversation?thread=g:${here.group}`)).toMatchObject([
    { name: 'Trần Văn Hoà', text: 'Rác chưa thu' },
  ])
  expect(await read('log?what=said')).toMatchObject([{ person: 'hoa', sentTo: [here.bot] }])
  expect(await read('chats?person=hoa')).toMatchObject([
    { title: 'Khối 5', key: `g:${here.group}` },
    { title: 'Mặt trận xã' },
  ])
  api.listener.stop()
})

it('faults and switches work from outside', async () => {
  expect(await act('failCalls', { call: 'send', do: 'code', code: 221 })).toMatchObject({ status: 200 })
  expect(await act('settings', { kind: 3, ignoreLastId: true })).toMatchObject({
    body: { kind: 3, ignoreLastId: true },
  })
  expect(await act('kick', { account: here.bot })).toMatchObject({ body: { done: false } })
})

it.each([
  ['an unknown action', 'nothing', {}, 404],
  ['a person who does not exist', 'say', { group: 'nhom1', person: 'x', text: 'a' }, 400],
  ['a wrong input', 'say', { text: 5 }, 400],
  ['an empty message', 'say', { group: 'nhom1', person: 'p1' }, 400],
])('%s is refused in words', async (_name, action, input, status) => {
  expect(await act(action, input)).toEqual({ status, body: { error: expect.any(String) } })
})

it('a form of another page cannot act', async () => {
  const response = await fetch(`${here.sim.url}/_sim/killSessions`, { method: 'POST', body: 'a=b' })

  expect(response.status).toBe(415)
})

it('events tell a phone which conversation changed', async () => {
  const stopper = new AbortController()
  const response = await fetch(`${here.sim.url}/_sim/events?person=${here.lan}`, { signal: stopper.signal })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  await reader?.read()

  here.sim.say({ group: here.group, person: here.lan, text: 'a' })

  const { value } = (await reader?.read()) ?? {}
  expect(value).toContain(`"what":"said","thread":"g:${here.group}"`)
  stopper.abort()
})

it('pages and their parts are served, nothing else is', async () => {
  const { url } = here.sim

  expect((await fetch(`${url}/_sim/phone?person=p1`)).headers.get('content-type')).toContain('text/html')
  expect((await fetch(`${url}/_sim/page/phone.js`)).headers.get('content-type')).toContain('text/javascript')
  expect((await fetch(`${url}/_sim/page/..%2Fsim.ts`)).status).toBe(404)
  expect((await fetch(`${url}/api/group/history`)).status).toBe(404)
  expect(here.sim.log.filter((entry) => entry.what === 'unmapped')).toMatchObject([{ path: '/api/group/history' }])
})
