import { afterAll, expect, it } from 'vitest'
import { testDatabase } from '../support/database.ts'
import { openOffice } from '../support/office.ts'
import { until } from '../support/until.ts'

const { connection } = await testDatabase()
const office = await openOffice(connection)
const { app, zalo, town } = office
afterAll(() => office.stop())

const { uid, officersGroup } = town.zalo
const get = async (path: string): Promise<string> => (await fetch(`${app.url}${path}`)).text()
const push = (command: number, text: string): boolean =>
  zalo.pushBytes(uid, Buffer.concat([Buffer.from([1, command & 255, command >> 8, 0]), Buffer.from(text)]))
const alarms = () => zalo.conversation({ group: officersGroup }).filter(({ text }) => text.includes('không đọc được'))
const counted = (reason: string, amount: number): Promise<unknown> =>
  until(
    async () =>
      (await get('/metrics')).includes(`danhoi_counted{name="zalo_strange_frame",reason="${reason}"} ${amount}\n`),
    { what: `${amount} of ${reason}` },
  )

it('a message that cannot be read is counted, and officers are told of the first of a day', async () => {
  push(551, '{"encrypt":2,"data":"AAAA"}')
  await until(() => alarms().length > 0, { what: 'the officers are told' })
  push(551, '{"encrypt":2,"data":"AAAB"}')
  push(777, '')

  await counted('cmd_551_unread', 2)
  await counted('cmd_777_empty', 1)

  expect(alarms()).toHaveLength(1)
  expect(await get('/health/ready')).toContain(`"zalo ${uid}":"gets what it cannot read: cmd 551"`)
  expect(await get('/metrics')).toContain(`danhoi_account_unread_frames{account="${uid}"} 1\n`)
}, 120_000)

it('one that is read under another command is no alarm', async () => {
  zalo.failDeliveries({ do: 'cmd551' })
  zalo.say({ account: uid, person: 'hoa', text: 'Chào bot' })

  await counted('cmd_551_read', 1)

  expect(alarms()).toHaveLength(1)
}, 120_000)
