import type { Case } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import { Place } from '../intake/event.ts'
import { type AccountId, type CaseId, OutboxId, type UnitId } from '../lib/ids.ts'
import { JsonObject } from '../lib/json.ts'

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

/** Whether it is on its way out: then it gets no other words, which would be decided in the place of that. */
export async function isBeingTakenDown(
  tx: Tx,
  { accountId, messageId }: Pick<StandingText, 'accountId' | 'messageId'>,
): Promise<boolean> {
  const row = await tx
    .selectFrom('outbox')
    .select('id')
    .where('accountId', '=', accountId)
    .where('targetId', '=', messageId)
    .where('kind', '=', 'delete')
    .where('state', 'in', ['pending', 'sending', 'sent', 'unknown'])
    .executeTakeFirst()
  return row !== undefined
}

/**
 * The post that the quoted message told of, be it of other words for it, locked: of two orders about a
 * post one comes first. Null: it told of none, or the post is gone.
 */
export async function quotedPost(
  tx: Tx,
  { accountId, quotedMessageId }: { accountId: AccountId; quotedMessageId: string | null },
): Promise<StandingText | null> {
  if (quotedMessageId === null) return null
  const told = await tx
    .selectFrom('outbox')
    .select('originId')
    .where('accountId', '=', accountId)
    .where('messageId', '=', quotedMessageId)
    .where('kind', '=', 'notice')
    .executeTakeFirst()
  if (told === undefined) return null
  const id = OutboxId.parse(told.originId)
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
