import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { API } from 'zca-js'
import * as z from 'zod'
import { startZaloSim, type ZaloSim } from '../../sim/zalo/sim.ts'
import { until } from '../support/until.ts'
import { connect } from './zalo-client.ts'

const folder = new URL('../fixtures/zalo/', import.meta.url)
const names = readdirSync(folder).filter((name) => name.startsWith('zca-'))
const Fixture = z.object({
  what: z.string(),
  body: z.object({ header: z.object({ cmd: z.number(), subCmd: z.number() }), wire_text: z.string() }),
  expect: z.object({ events: z.array(z.object({ event: z.string(), payload: z.unknown() })) }),
})
const bot = '5550000000000000001'

let sim: ZaloSim
let api: API
const events: { event: string; payload: unknown }[] = []

beforeAll(async () => {
  // Kind 1 is the one the library opens without waiting, so that frames keep their order.
  sim = await startZaloSim({ allow: true, settings: { kind: 1 } })
  const { credentials } = sim.addAccount({ name: 'MTTQ phường', uid: bot })
  sim.addPerson({ name: 'Lan', id: 'lan' })
  ;({ api } = await connect(sim, credentials))
  for (const event of ['message', 'old_messages', 'undo', 'reaction', 'group_event', 'error'] as const) {
    api.listener.on(event, (payload: unknown) => events.push({ event, payload }))
  }
})

afterAll(async () => {
  api.listener.stop()
  await sim.stop()
})

it.each(names)('%s comes out of the library as captured', async (name) => {
  const fixture = Fixture.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8')))
  const { cmd, subCmd: sub } = fixture.body.header
  events.length = 0

  expect(sim.push(bot, { cmd, sub, text: fixture.body.wire_text })).toBe(true)
  // Nothing tells that a frame was dropped, so a message behind it shows that it is through.
  sim.say({ account: bot, person: 'lan', text: name })

  const isMarker = (one: unknown): boolean => JSON.stringify(one).includes(name)
  await until(() => events.some(isMarker), { what: 'the message behind the fixture' })
  const heard = events.filter((one) => !isMarker(one))
  expect(JSON.parse(JSON.stringify(heard))).toMatchObject(fixture.expect.events)
  expect(heard).toHaveLength(fixture.expect.events.length)
})
