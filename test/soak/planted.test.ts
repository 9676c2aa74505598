import { expect, it } from 'vitest'
import { planted } from '../../bench/soak/planted.ts'
import { Lifecycle } from '../../src/lib/lifecycle.ts'

it('the check of the soak turns red for a planted double and for a planted loss', async () => {
  const lifecycle = new Lifecycle()

  const outcomes = await planted.run({ lifecycle, comments: 1, messages: 1, say: () => {} })
  await lifecycle.stop((name, error) => expect.fail(`${name} was left behind: ${String(error)}`))

  expect(outcomes.map(({ run, isGreen }) => [run, isGreen])).toEqual([
    ['before anything is planted', true],
    ['a planted double', true],
    ['a planted loss', true],
    ['a talk on Zalo before anything is planted', true],
    ['a planted loss on Zalo', true],
    ['a planted double on Zalo', true],
    ['a planted word on Zalo that nobody asked for', true],
  ])
}, 300_000)
