import type { Case } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import { Place } from '../intake/event.ts'
import type { StoredEvent } from '../intake/store.ts'
import { type AccountId, type CaseId, OutboxId, type UnitId } from '../lib/ids.ts'
import { JsonObject } from '../lib/json.ts'
import type { OutboxState } from '../outbox/outbound.ts'
import { findQuoted } from '../outbox/quoted.ts'

/** Words of ours that everybody can read on the platform. */
export interface StandingText {
  readonly id: OutboxId
  readonly kind: string
  readonly accountId: AccountId
  readonly unitId: UnitId
  readonly caseId: CaseId | null
  readonly address: JsonObject
  readonly place: Place
  /** As the platform calls it. */
  readonly messageId: string
  readonly ordinal: number | null
}

/** What of ours stands about this case, the latest first. */
export async function standingTexts(tx: Tx, about: Pick<Case, 'id'>): Promise<StandingText[]> {
  return toTexts(await standing(tx).where('caseId', '=', about.id).execute())
}

/** Our answer as everybody reads it; null: there is none at the moment. */
export async function standingAnswer(tx: Tx, about: Pick<Case, 'id'>): Promise<StandingText | null> {
  return (await standingTexts(tx, about)).find(({ kind }) => kind === 'answer') ?? null
}

/** The order, in one of these states, by which this is taken down; null: there is none. */
export async function orderToTakeDown(
  tx: Tx,
  { accountId, messageId }: Pick<StandingText, 'accountId' | 'messageId'>,
  states: readonly OutboxState[],
): Promise<OutboxId | null> {
  const row = await tx
    .selectFrom('outbox')
    .select('id')
    .where('accountId', '=', accountId)
    .where('targetId', '=', messageId)
    .where('kind', '=', 'delete')
    .where('state', 'in', states)
    .executeTakeFirst()
  return row?.id ?? null
}

/** Whether it is on its way out: then it gets no other words, which would be decided in the place of that. */
export async function isBeingTakenDown(tx: Tx, text: Pick<StandingText, 'accountId' | 'messageId'>): Promise<boolean> {
  return (await orderToTakeDown(tx, text, ['pending', 'sending', 'sent', 'unknown'])) !== null
}

/**
 * The post that the quoted message told of, be it of other words for it, locked: of two orders about a
 * post one comes first. Null: it told of none, or the post is gone.
 */
export async function quotedPost(
  tx: Tx,
  message: Pick<StoredEvent, 'accountId' | 'quotedMessageId'>,
): Promise<StandingText | null> {
  const told = await findQuoted(tx, message, ['notice'])
  return told === null ? null : toldPost(tx, told.originId)
}

/** The post that a notice of this origin told of, locked. Null: it told of none, or the post is gone. */
export async function toldPost(tx: Tx, originId: string): Promise<StandingText | null> {
  const id = OutboxId.parse(originId)
  const edit = await tx
    .selectFrom('outbox')
    .select(['accountId', 'targetId'])
    .where('id', '=', id)
    .where('kind', '=', 'edit')
    .executeTakeFirst()
  const posts = standing(tx).where('kind', '=', 'post')
  const found =
    edit === undefined
      ? posts.where('id', '=', id)
      : posts.where('accountId', '=', edit.accountId).where('messageId', '=', edit.targetId)
  const [post] = toTexts(await found.forUpdate().execute())
  return post ?? null
}

/** The post, locked; null: it stands no more. */
export async function postById(tx: Tx, id: OutboxId): Promise<StandingText | null> {
  const [post] = toTexts(await standing(tx).where('kind', '=', 'post').where('id', '=', id).forUpdate().execute())
  return post ?? null
}

function standing(tx: Tx) {
  return tx
    .selectFrom('outbox')
    .select(['id', 'kind', 'accountId', 'unitId', 'caseId', 'address', 'placeKind', 'placeId', 'messageId', 'ordinal'])
    .where('audience', '=', 'public')
    .where('kind', 'in', ['answer', 'acknowledgement', 'post'])
    .where('state', 'in', ['sent', 'confirmed'])
    .where('messageId', 'is not', null)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
}

function toTexts(rows: Awaited<ReturnType<ReturnType<typeof standing>['execute']>>): StandingText[] {
  return rows.flatMap(({ messageId, address, placeKind, placeId, ...row }) =>
    messageId === null
      ? []
      : [
          {
            ...row,
            messageId,
            address: JsonObject.parse(address),
            place: Place.parse({ kind: placeKind, id: placeId }),
          },
        ],
  )
}
