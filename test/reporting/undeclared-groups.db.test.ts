import { expect, it } from 'vitest'
import { closeEvent } from '../../src/intake/store.ts'
import { plusMs } from '../../src/lib/clock.ts'
import { undeclaredGroups } from '../../src/reporting/undeclared-groups.ts'
import { addAccount, addEvent, addGroup, now } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()

it('groups that wrote and that nobody declared are named, the one heard last first', async () => {
  const accountId = await addAccount(db, { platform: 'zalo', externalId: '5550' })
  for (const [minute, group] of ['early', 'late', 'early', 'declared later'].entries()) {
    const { id } = await addEvent(db, accountId, {
      kind: 'message',
      place: { kind: 'group', id: group },
      occurredAt: plusMs(now, (group === 'late' ? 60 : minute) * 60_000),
    })
    await closeEvent(db, id, 'unknown_group', now)
  }
  await addGroup(db, accountId, { externalId: 'declared later' })

  expect(await undeclaredGroups(db)).toEqual([
    { account: '5550', group: 'late', messages: 1, lastHeardAt: plusMs(now, 60 * 60_000) },
    { account: '5550', group: 'early', messages: 2, lastHeardAt: plusMs(now, 2 * 60_000) },
  ])
})
