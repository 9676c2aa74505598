import { randomUUID } from 'node:crypto'
import { type Insertable, sql } from 'kysely'
import type { ListenMode } from '../../src/accounts/groups.ts'
import { newCaseCode } from '../../src/cases/code.ts'
import { type Case, getCase } from '../../src/cases/store.ts'
import type { Db } from '../../src/db/client.ts'
import type { Cases, Events, Outbox } from '../../src/db/schema.generated.ts'
import type { InboundEvent, Place, Platform } from '../../src/intake/event.ts'
import { findEvent, type StoredEvent } from '../../src/intake/store.ts'
import {
  AccountId,
  AnswerId,
  CaseId,
  DeliveryId,
  EventId,
  newId,
  OfficerId,
  OutboxId,
  RoutingDecisionId,
  RuleId,
  UnitId,
} from '../../src/lib/ids.ts'
import { type KeyRing, seal } from '../../src/lib/secrets.ts'
import type { PublishingMode } from '../../src/publishing/mode.ts'
import type { RuleAction, RuleConditions } from '../../src/routing/rule.ts'
import type { Label } from '../../src/understanding/label.ts'
import type { Duty, UnitKind } from '../../src/units/unit.ts'

/** Monday morning in Nghệ An, 09:00. */
export const now = new Date('2026-03-02T02:00:00Z')

export const keyRing: KeyRing = [Buffer.alloc(32, 7)]

let made = 0
/** A text that no other builder of this process made. */
function unique(word: string): string {
  made += 1
  return `${word}-${made}`
}

/**
 * Empties every table that tests write to, so that a test of "whatever is due" meets its own rows alone. Deleting a few rows
 * takes a small part of the time of `truncate`, which makes new files for each table and its indexes.
 */
export async function emptyTables(db: Db): Promise<void> {
  await sql`
    do $$ declare emptied regclass; begin
      set local session_replication_role = replica; -- neither order nor what guards rows in production matters here
      for emptied in
        with recursive emptied (id) as (
          select unnest('{units, officers, deliveries, counters, routing_rules, installation}'::regclass[])
          union
          select conrelid::regclass from pg_constraint join emptied on confrelid = id where contype = 'f'
        )
        select id from emptied
      loop
        execute format('delete from %s', emptied);
      end loop;
    end $$`.execute(db)
  await sql`update switches set is_on = true`.execute(db)
}

export async function addUnit(
  db: Db,
  given: { code?: string; name?: string; kind?: UnitKind; parentId?: UnitId | null; signature?: string } = {},
): Promise<UnitId> {
  const code = given.code ?? unique('xa')
  const id = newId(UnitId, now)
  await db
    .insertInto('units')
    .values({
      id,
      code,
      name: given.name ?? `Xã ${code}`,
      kind: given.kind ?? 'commune',
      parentId: given.parentId ?? null,
      signature: given.signature ?? 'Ủy ban MTTQ Việt Nam xã Cát Ngạn',
      validFrom: '2025-07-01',
    })
    .execute()
  return id
}

/** An account with its lane; free to send, connected, and beyond its pilot unless `mode` says otherwise. */
export async function addAccount(
  db: Db,
  given: {
    unitId?: UnitId
    platform?: Platform
    externalId?: string
    name?: string
    secret?: string
    mode?: PublishingMode
  } = {},
): Promise<AccountId> {
  const { platform = 'facebook' } = given
  const id = newId(AccountId, now)
  await db
    .insertInto('accounts')
    .values({
      id,
      platform,
      externalId: given.externalId ?? unique('account'),
      unitId: given.unitId ?? (await addUnit(db)),
      name: given.name ?? 'Mặt trận xã Cát Ngạn',
      secret: seal(keyRing, `account/${id}`, given.secret ?? 'token'),
      state: 'connected',
      stateChangedAt: now,
      createdAt: now,
    })
    .execute()
  await db.insertInto('accountLanes').values({ accountId: id, platform }).execute()
  await sayMode(db, { accountId: id }, given.mode ?? 'publish')
  return id
}

/** Says a publishing mode without the gate; null: it says nothing any more. */
export async function sayMode(
  db: Db,
  about: { unitId?: UnitId; accountId?: AccountId; groupId?: string },
  mode: PublishingMode | null,
): Promise<void> {
  await db
    .insertInto('publishingChanges')
    .values({ at: now, what: 'mode', mode, actor: 'test', ...about })
    .execute()
}

export async function addGroup(
  db: Db,
  accountId: AccountId,
  given: {
    unitId?: UnitId
    externalId?: string
    name?: string
    audience?: 'residents' | 'officers'
    listen?: ListenMode
    keywords?: string[]
  } = {},
): Promise<string> {
  const externalId = given.externalId ?? unique('group')
  await db
    .insertInto('groups')
    .values({
      id: randomUUID(),
      accountId,
      externalId,
      unitId: given.unitId ?? (await unitOf(db, accountId)),
      name: given.name ?? externalId,
      audience: given.audience ?? 'residents',
      listen: given.listen ?? 'when_addressed',
      keywords: given.keywords ?? [],
    })
    .execute()
  return externalId
}

export async function addOfficer(
  db: Db,
  given: {
    name?: string
    duties?: readonly { unitId: UnitId; duty?: Duty; from?: string; to?: string | null }[]
    chats?: readonly { accountId: AccountId; externalId?: string; boundAt?: Date }[]
  } = {},
): Promise<OfficerId> {
  const id = newId(OfficerId, now)
  await db
    .insertInto('officers')
    .values({ id, displayName: given.name ?? 'Phan Thị Hoa', createdAt: now })
    .execute()
  for (const { unitId, duty = 'answers', from = '2025-07-01', to = null } of given.duties ?? []) {
    await db
      .insertInto('duties')
      .values({ id: randomUUID(), officerId: id, unitId, duty, validFrom: from, validTo: to })
      .execute()
  }
  for (const { accountId, externalId = unique('uid'), boundAt = now } of given.chats ?? []) {
    await db.insertInto('officerIdentities').values({ accountId, externalId, officerId: id, boundAt }).execute()
  }
  return id
}

/** What a platform's `normalise` makes of a comment under a post. */
export function inbound(given: Partial<InboundEvent> = {}): InboundEvent {
  return {
    kind: 'comment',
    accountExternalId: '100000000000101',
    dedupeKey: unique('comment:1_'),
    occurredAt: now,
    place: { kind: 'post', id: '1' },
    threadKey: unique('thread'),
    messageId: unique('message'),
    author: { id: '24000000000000001', name: 'Nguyễn Văn Gia' },
    text: 'Cho hỏi thủ tục tách hộ khẩu cần giấy tờ gì?',
    quotedMessageId: null,
    mentionsAccount: false,
    attachments: [],
    echoMark: null,
    address: { type: 'comment', commentId: '1_2' },
    ...given,
  }
}

/** An event as it was recorded; by default a resident's comment that nobody has looked at yet. */
export async function addEvent(
  db: Db,
  accountId: AccountId,
  given: Partial<Omit<Insertable<Events>, 'id' | 'accountId' | 'attachments' | 'address'>> & {
    place?: Place
    attachments?: readonly object[]
    address?: object | null
  } = {},
): Promise<StoredEvent> {
  const { place = { kind: 'post', id: '1' }, attachments = [], address, ...columns } = given
  const id = newId(EventId, now)
  await db
    .insertInto('events')
    .values({
      deliveryId: newId(DeliveryId, now),
      unitId: await unitOf(db, accountId),
      kind: place.kind === 'post' ? 'comment' : 'message',
      dedupeKey: unique('event'),
      lane: 2,
      occurredAt: now,
      recordedAt: now,
      placeKind: place.kind,
      placeId: place.id,
      threadKey: unique('thread'),
      messageId: unique('message'),
      authorId: '24000000000000001',
      authorName: 'Nguyễn Văn Gia',
      text: 'Cho hỏi thủ tục tách hộ khẩu cần giấy tờ gì?',
      mentionsAccount: false,
      ...columns,
      id,
      accountId,
      attachments: JSON.stringify(attachments),
      address: address === null ? null : JSON.stringify(address ?? { type: place.kind, id: place.id }),
    })
    .execute()
  const event = await findEvent(db, id)
  if (event === null) throw new Error('the event was not recorded')
  return event
}

/** A case with the resident's message it came from; by default a public question that waits for nobody yet. */
export async function addCase(
  db: Db,
  given: Partial<Omit<Insertable<Cases>, 'id'>> & { event?: StoredEvent } = {},
): Promise<Case> {
  const { event = await addEvent(db, given.accountId ?? (await addAccount(db))), ...columns } = given
  const id = newId(CaseId, now)
  await db
    .insertInto('cases')
    .values({
      code: newCaseCode(),
      confidentiality: 'public',
      confidentialityReason: 'ordinary',
      status: 'received',
      kind: 'question',
      urgent: false,
      confidence: 0.9,
      openedAt: now,
      changedAt: now,
      unitId: event.unitId,
      accountId: event.accountId,
      originEventId: event.id,
      threadKey: event.threadKey,
      authorId: event.authorId,
      placeKind: event.place.kind,
      ...columns,
      id,
    })
    .execute()
  await db.insertInto('caseMessages').values({ caseId: id, eventId: event.id, addedAt: now }).execute()
  return getCase(db, id)
}

/** A case that was given to the unit's officers. */
export async function addAssignedCase(
  db: Db,
  unitId: UnitId,
  given: Parameters<typeof addCase>[1] & { duty?: Duty } = {},
): Promise<Case> {
  const { duty = 'answers', ...columns } = given
  return addCase(db, { status: 'assigned', assignedUnitId: unitId, assignedDuty: duty, ...columns })
}

/** An intended message; by default the answer to a public case, due now. `state` may be any: the walls are tested apart. */
export async function addOutboxRow(
  db: Db,
  given: Partial<Omit<Insertable<Outbox>, 'id' | 'address'>> & { address?: object } = {},
): Promise<OutboxId> {
  const { address = { type: 'comment', commentId: unique('1_') }, ...columns } = given
  const accountId = columns.accountId ?? (await addAccount(db))
  const isOfficers = columns.audience === 'officer'
  const caseId = columns.caseId ?? (isOfficers ? null : (await addCase(db, { accountId })).id)
  const id = newId(OutboxId, now)
  await db
    .insertInto('outbox')
    .values({
      unitId: await unitOf(db, accountId),
      originId: newId(AnswerId, now),
      kind: isOfficers ? 'card' : 'answer',
      audience: 'public',
      ordinal: isOfficers ? null : 1,
      placeKind: 'post',
      placeId: '1',
      text: 'Cần CCCD và tờ khai CT01.\n\nMã: DH-7KM-3QP · 1',
      lane: 2,
      dueAt: now,
      createdAt: now,
      changedAt: now,
      addressKey: JSON.stringify(address),
      ...columns,
      id,
      accountId,
      caseId,
      address: JSON.stringify(address),
    })
    .execute()
  return id
}

/** A decision as routing keeps it, and the card that told one chat about it. */
export async function addRouted(
  db: Db,
  about: Case,
  to: { accountId: AccountId; unitId: UnitId; place: Place; messageId?: string; decidedAt?: Date },
): Promise<OutboxId> {
  const { decidedAt = now } = to
  const id = newId(RoutingDecisionId, decidedAt)
  await db
    .insertInto('routingDecisions')
    .values({
      id,
      caseId: about.id,
      decidedAt,
      assignedUnitId: to.unitId,
      duty: 'answers',
      because: 'no rule matched',
      trace: JSON.stringify([]),
    })
    .execute()
  return addOutboxRow(db, {
    audience: 'officer',
    kind: 'card',
    caseId: about.id,
    originId: id,
    accountId: to.accountId,
    unitId: to.unitId,
    placeKind: to.place.kind,
    placeId: to.place.id,
    address: { chat: to.place.id },
    text: `Câu hỏi mới · ${about.code}`,
    state: 'confirmed',
    messageId: to.messageId ?? unique('card'),
  })
}

export async function addRule(
  db: Db,
  position: number,
  given: { name?: string; conditions?: RuleConditions; action?: RuleAction; isActive?: boolean } = {},
): Promise<RuleId> {
  const id = newId(RuleId, now)
  await db
    .insertInto('routingRules')
    .values({
      id,
      position,
      name: given.name ?? unique('rule'),
      conditions: JSON.stringify(given.conditions ?? {}),
      action: JSON.stringify(given.action ?? { duty: 'answers' }),
      isActive: given.isActive ?? true,
    })
    .execute()
  return id
}

export function label(given: Partial<Label> = {}): Label {
  return { kind: 'question', confidence: 0.9, urgent: false, denunciation: false, because: ['thu tuc'], ...given }
}

/** A commune under its province, with a Page, a Zalo account, its two groups and its three officers. */
export interface TestOffice {
  readonly province: UnitId
  readonly commune: UnitId
  readonly page: AccountId
  readonly zalo: AccountId
  readonly officersGroup: string
  readonly residentsGroup: string
  readonly hoa: OfficerId
  readonly tam: OfficerId
  /** Holds the province's restricted desk. */
  readonly quang: OfficerId
}

export async function addOffice(db: Db): Promise<TestOffice> {
  const province = await addUnit(db, { code: unique('tinh'), kind: 'province', name: 'Tỉnh Nghệ An' })
  const commune = await addUnit(db, { parentId: province, name: 'Xã Cát Ngạn' })
  const page = await addAccount(db, { unitId: commune })
  const zalo = await addAccount(db, { unitId: commune, platform: 'zalo' })
  const chats = (externalId: string): { accountId: AccountId; externalId: string }[] => [
    { accountId: zalo, externalId },
  ]
  return {
    province,
    commune,
    page,
    zalo,
    officersGroup: await addGroup(db, zalo, { audience: 'officers' }),
    residentsGroup: await addGroup(db, zalo, { audience: 'residents' }),
    hoa: await addOfficer(db, { name: 'Phan Thị Hoa', duties: [{ unitId: commune }], chats: chats('hoa') }),
    tam: await addOfficer(db, { name: 'Lê Văn Tâm', duties: [{ unitId: commune }], chats: chats('tam') }),
    quang: await addOfficer(db, {
      name: 'Trần Đình Quang',
      duties: [{ unitId: province, duty: 'restricted_desk' }],
      chats: chats('quang'),
    }),
  }
}

async function unitOf(db: Db, accountId: AccountId): Promise<UnitId> {
  const { unitId } = await db
    .selectFrom('accounts')
    .select('unitId')
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow()
  return unitId
}
