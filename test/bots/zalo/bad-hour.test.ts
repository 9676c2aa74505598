import { afterEach, describe, expect, it } from 'vitest'
import { until } from '../../support/until.ts'
import { newStage, type Stage } from './stage.ts'

let stage: Stage
afterEach(() => stage.close())

describe('a bad hour', () => {
  it('loses no message whatever happens on the way, and shows each under one key', async () => {
    stage = await newStage({ kind: 'mixed', holdMs: 10 })
    const { sink, listener } = await stage.open({ waits: { evictedWaitMs: 10, attemptsBeforeLogin: 2, steadyMs: 5 } })
    for (const fault of ['duplicate', 'pair', 'reorder', 'lose', 'malformed', 'broken-element'] as const) {
      stage.sim.failDeliveries({ do: fault, of: 'any', times: null, chance: 0.06 })
    }
    stage.sim.failDeliveries({ do: 'cmd551', threads: 'direct', times: null, chance: 0.2 })

    const said: string[] = []
    for (let index = 0; index < 300; index += 1) {
      const text = `tin số ${index}`
      said.push(text)
      if (index % 3 === 0) stage.sim.say({ account: stage.uid, person: stage.lan, text })
      else stage.say(text)
      if (index % 40 === 20) await until(() => stage.sim.terminate(stage.uid))
      if (index === 130) await until(() => stage.sim.evict(stage.uid))
      if (index % 50 === 0) sink.down = true
      if (index === 9) await until(() => sink.refusals > 0, { what: 'the sink is asked while it is down' })
      if (index % 50 === 9) sink.down = false
      await new Promise(setImmediate) // lets the frames travel between two messages
    }
    sink.down = false
    expect(sink.refusals).toBeGreaterThan(0)
    stage.sim.clearFaults()
    await until(() => sink.state() === 'connected')
    const asked = new Date()
    await until(() => {
      listener.requestBackfill()
      return sink.caughtUps.some((at) => at >= asked)
    })

    expect(sink.distinct().toSorted()).toEqual(said.toSorted())
    expect(sink.ignored).toEqual([])
  })
})
