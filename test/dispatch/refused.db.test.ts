import { beforeEach, expect, it } from 'vitest'
import { type Case, getCase } from '../../src/cases/store.ts'
import { transaction } from '../../src/db/client.ts'
import { type Routed, routeCase } from '../../src/dispatch/route.ts'
import { plusMs } from '../../src/lib/clock.ts'
import type { OutboxId } from '../../src/lib/ids.ts'
import { tellOfTrouble } from '../../src/replies/give-up.ts'
import { addCase, addEvent, addOffice, emptyTables, now, type TestOffice } from '../support/builders.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
let office: TestOffice
beforeEach(async () => {
  await emptyTables(db)
  office = await addOffice(db)
})

const room = {
  chatAddress: (platform: string, place: { kind: string; id: string }) => ({ platform, chat: place.id }),
  limits: { picturesPerCase: 5, pictureBytes: 5_000_000 },
}
const route = (about: Case, at = now): Promise<Routed> => routeCase(db, about.id, room, at)
const cards = () =>
  db
    .selectFrom('outbox')
    .select(['id', 'placeId', 'state'])
    .where('kind', '=', 'card')
    .orderBy('createdAt')
    .orderBy('placeId')
    .execute()
const statusOf = async ({ id }: Case): Promise<string> => (await getCase(db, id)).status

async function ask(given: Parameters<typeof addCase>[1] = {}): Promise<Case> {
  return addCase(db, { event: await addEvent(db, office.page, { text: 'Cho hỏi thủ tục tách hộ khẩu?' }), ...given })
}

async function refuse(id: OutboxId, state: 'rejected' | 'needs_person' = 'rejected', at = now): Promise<void> {
  await transaction(db, 'settle-outbox', async (tx) => {
    await tx.updateTable('outbox').set({ state: 'sending', attempts: 1, fence: '1' }).where('id', '=', id).execute()
    await tx.updateTable('outbox').set({ state, errorCode: '114', changedAt: at }).where('id', '=', id).execute()
    await tellOfTrouble(tx, id, state, at)
  })
}

async function refuseOnly(about: Case): Promise<void> {
  await route(about)
  const [card] = await cards()
  if (card === undefined) throw new Error('expected a card')
  await refuse(card.id)
}

it('a card that the officers’ group does not take goes to each officer on duty', async () => {
  const about = await ask()

  await refuseOnly(about)
  expect(await statusOf(about)).toBe('received')
  await route(about, plusMs(now, 60_000))

  expect(await statusOf(about)).toBe('assigned')
  expect((await cards()).map(({ placeId, state }) => [placeId, state])).toEqual([
    [office.officersGroup, 'rejected'],
    ['hoa', 'pending'],
    ['tam', 'pending'],
  ])
  expect(await db.selectFrom('caseHistory').select('what').execute()).toContainEqual({ what: 'card_refused' })
})

it('as long as another officer has the card, the case stays there', async () => {
  const about = await ask()
  await refuseOnly(about)
  await route(about, plusMs(now, 60_000))
  const [, hoa, tam] = await cards()
  if (hoa === undefined || tam === undefined) throw new Error('expected two cards')

  await refuse(hoa.id)
  expect(await statusOf(about)).toBe('assigned')

  await refuse(tam.id)
  expect(await statusOf(about)).toBe('received')
})

it('a card that nobody can tell of goes to the same chat again', async () => {
  const about = await ask()
  await route(about)
  const [card] = await cards()
  if (card === undefined) throw new Error('expected a card')

  await refuse(card.id, 'needs_person')
  await route(about, plusMs(now, 60_000))

  expect((await cards()).map(({ placeId, state }) => [placeId, state])).toEqual([
    [office.officersGroup, 'needs_person'],
    [office.officersGroup, 'pending'],
  ])
})

it('a chat that refused is tried again after a day', async () => {
  const about = await ask()
  await refuseOnly(about)

  await route(about, plusMs(now, 25 * 3_600_000))

  expect((await cards()).at(-1)).toMatchObject({ placeId: office.officersGroup, state: 'pending' })
})

it('what a chat refused after the case was given to somebody else changes nothing', async () => {
  const about = await ask()
  await refuseOnly(about)
  await route(about, plusMs(now, 60_000))
  const [first] = await cards()
  if (first === undefined) throw new Error('expected a card')

  await transaction(db, 'settle-outbox', (tx) => tellOfTrouble(tx, first.id, 'rejected', now))

  expect(await statusOf(about)).toBe('assigned')
})
