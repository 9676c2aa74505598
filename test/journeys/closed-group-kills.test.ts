import { expect, inject, it } from 'vitest'
import { makeTemplate } from '../../bench/soak/matrix.ts'
import { openStage } from '../support/stage.ts'
import { cloneTemplate } from '../support/town-database.ts'
import { until } from '../support/until.ts'

const server = inject('testServer')
const template = await makeTemplate(server)

it.each([
  'zalo-read-groups:after', // asked, and the answer was not written down
  'save-group-look:after',
  'tell-group-news:before',
  'tell-group-news:after',
])(
  'killed at %s, the product tells those on duty of a group that it is out of, and of its return, once each',
  async (failpoint) => {
    const database = await cloneTemplate(server, template)
    const stage = await openStage({ store: { connection: database.connection } })
    const { zalo, town } = stage
    const ourselves = { group: town.zalo.residentsGroup, account: town.zalo.uid }
    const read = (words: string): number =>
      zalo.conversation({ group: town.zalo.officersGroup }).filter(({ text }) => text.includes(words)).length
    try {
      const first = stage.start(failpoint)
      await first.started
      zalo.leaveGroup(ourselves)
      expect((await first.ended).signal).toBe('SIGKILL')

      const second = stage.start()
      await until(() => read('không còn trong nhóm') > 0, { timeoutMs: 60_000, what: 'those on duty are told' })
      zalo.joinGroup(ourselves)
      await until(() => read('gửi tin được trở lại') > 0, { timeoutMs: 60_000, what: 'they are told again' })
      await second.stop()

      expect([read('không còn trong nhóm'), read('gửi tin được trở lại')]).toEqual([1, 1])
    } finally {
      await stage.close()
      await database.drop()
    }
  },
  180_000,
)
