import { findGroup } from '../../src/accounts/groups.ts'
import { getAccount } from '../../src/accounts/store.ts'
import { continuesCase } from '../../src/cases/continued.ts'
import { writtenBy } from '../../src/intake/quoted-message.ts'
import type { GroupAround, Surroundings } from '../../src/intake/sort.ts'
import { type StoredEvent, wasRemoved } from '../../src/intake/store.ts'
import type { OfficerId } from '../../src/lib/ids.ts'
import { findQuoted } from '../../src/outbox/quoted.ts'
import { servesUnit } from '../../src/units/serves.ts'
import type { Workshop } from './workshop.ts'

type Room = Pick<Workshop, 'db' | 'clock'>

/** What has to be known of an event before it can be said whose words it is, and whether they are for us. */
export async function surroundingsOf(
  room: Room,
  event: StoredEvent,
  officerId: OfficerId | null,
): Promise<Surroundings> {
  return {
    isOfficer: officerId !== null,
    group: event.place.kind === 'group' ? await groupAround(room, event, officerId) : null,
    isRemoved: await wasRemoved(room.db, event),
  }
}

async function groupAround(
  { db, clock }: Room,
  event: StoredEvent,
  officerId: OfficerId | null,
): Promise<GroupAround | null> {
  const group = await findGroup(db, event.accountId, event.place.id)
  if (group === null) return null
  const { audience, listen, keywords, unitId } = group
  // Asked only where it can matter: most of what is said in a group quotes nothing.
  const mayForward = officerId !== null && event.quotedMessageId !== null && audience === 'residents'
  return {
    audience,
    listen,
    keywords,
    isTheirs: mayForward && (await servesUnit(db, officerId, unitId, clock())),
    quotes: await whoseIsQuoted(db, event),
    continues: event.quotedMessageId !== null && audience === 'residents' && (await continuesCase(db, event)),
    accountName: (await getAccount(db, event.accountId)).name,
  }
}

/** A message that we never saw is not ours: whatever the account writes comes back to it. */
async function whoseIsQuoted(db: Workshop['db'], event: StoredEvent): Promise<GroupAround['quotes']> {
  if (event.quotedMessageId === null) return null
  if ((await findQuoted(db, event)) !== null) return 'ours'
  const written = await writtenBy(db, event, event.quotedMessageId)
  if (written === null) return 'other'
  if (written.kind === 'echo') return 'ours'
  return written.authorId !== null && written.authorId === event.authorId ? 'own' : 'other'
}
