import { expect, inject, it } from 'vitest'
import { isClean } from '../../bench/soak/compare.ts'
import { killAt } from '../../bench/soak/failpoints.ts'
import { makeTemplate } from '../../bench/soak/matrix.ts'
import { killsAt, nameOf } from '../../bench/soak/reach.ts'

const server = inject('testServer')
const template = await makeTemplate(server)

/** The rest is for the soak. */
const kills = killsAt(['zalo-bot-poll:after', 'zalo-bot-send:after']).filter(
  ({ failpoint, time }) => time === (failpoint === 'zalo-bot-poll:after' ? 2 : 4),
)

it.each(kills.map((kill) => [nameOf(kill), kill] as const))(
  'killed at %s, the product loses nothing and says nothing twice',
  async (_name, kill) => {
    const { wasReached, balance } = await killAt({ server, template, kill })

    expect(wasReached).toBe(true)
    expect(isClean(balance), JSON.stringify(balance)).toBe(true)
  },
  120_000,
)
