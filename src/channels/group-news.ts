import type { Selectable } from 'kysely'
import { type Db, type Tx, transaction } from '../db/client.ts'
import type { Groups } from '../db/schema.generated.ts'
import type { ChatAddress } from '../dispatch/route.ts'
import { plusMs } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { groupNews } from '../texts/group-news.ts'
import { tellUnit } from './tell.ts'

/**
 * Tells those on duty in a group's unit what has become of it, each change once: it is closed to us, open again, or hides
 * its members. True when something was queued, or what waits for a group may go on.
 */
export async function tellGroupNews(db: Db, chatAddress: ChatAddress, log: Log, now: Date): Promise<boolean> {
  let hasNews = false
  for (const id of await untold(db, now)) {
    const told = await transaction(
      db,
      (told) => (told === 'queued' ? 'tell-group-news' : null),
      (tx) => tellOne(tx, id, chatAddress, now),
    )
    if (told === 'nobody') log.error({ groupId: id }, 'nobody can be told what has become of this group')
    hasNews ||= told === 'queued'
  }
  return hasNews
}

/**
 * As an admin the account may write in a locked group, which only asking tells: for so long a lock is not spoken of before
 * somebody has asked.
 */
const DOUBT_MS = 10 * 60_000

async function untold(db: Db, now: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('groups')
    .select('id')
    .where((group) =>
      group.or([
        group('standing', '<>', group.ref('toldStanding')),
        group.and([group('toldMembersHidden', '=', true), group('membersHiddenSince', 'is', null)]),
        group.and([group('toldMembersHidden', '=', false), group('membersHiddenSince', 'is not', null)]),
      ]),
    )
    .where((group) =>
      group.or([
        group('standing', '<>', 'locked'),
        group('lookWantedAt', 'is', null),
        group('lookWantedAt', '<=', group.ref('lookedAt')),
        group('lookWantedAt', '<=', plusMs(now, -DOUBT_MS)),
      ]),
    )
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

async function tellOne(
  tx: Tx,
  id: string,
  chatAddress: ChatAddress,
  now: Date,
): Promise<'queued' | 'nobody' | 'nothing_new'> {
  const group = await tx.selectFrom('groups').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow()
  const texts = newsOf(group, await waitingFor(tx, group))
  let isReached = true
  for (const text of texts) isReached = (await tellUnit(tx, group.unitId, text, chatAddress, now)) && isReached
  if (!isReached) return 'nobody'
  const told = { toldStanding: group.standing, toldMembersHidden: group.membersHiddenSince !== null }
  await tx.updateTable('groups').set(told).where('id', '=', id).execute()
  return texts.length > 0 ? 'queued' : 'nothing_new'
}

type Group = Selectable<Groups>

/** Pure. */
function newsOf(group: Group, waiting: number): string[] {
  const { name, standing, standingSince, toldStanding, membersHiddenSince, toldMembersHidden } = group
  const news: string[] = []
  if (standing !== toldStanding) {
    const isOfficers = group.audience === 'officers'
    if (standing === 'open') news.push(groupNews.open(name, waiting))
    else news.push(groupNews.closed(name, { standing, since: standingSince, waiting, isOfficers }))
  }
  if (membersHiddenSince !== null && !toldMembersHidden) news.push(groupNews.membersHidden(name))
  return news
}

/** What is meant for that group and has not left yet. */
async function waitingFor(tx: Tx, { accountId, externalId }: Group): Promise<number> {
  const { amount } = await tx
    .selectFrom('outbox')
    .select((row) => row.fn.countAll<string>().as('amount'))
    .where('accountId', '=', accountId)
    .where('placeKind', '=', 'group')
    .where('placeId', '=', externalId)
    .where('state', '=', 'pending')
    .executeTakeFirstOrThrow()
  return Number(amount)
}
