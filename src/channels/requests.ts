import { randomBytes } from 'node:crypto'
import { type Db, type Tx, transaction } from '../db/client.ts'
import { sha256 } from '../lib/secrets.ts'

export type RequestKind = 'deauthorize' | 'data_deletion'

/** What a platform asked in somebody's name. */
export interface PlatformRequest {
  readonly platform: 'facebook' | 'zalo_oa'
  readonly kind: RequestKind
  /** As it came: the same request again is the same row. */
  readonly signed: string | Buffer
  /** As the platform calls the person; only its hash is kept. */
  readonly userId: string
}

/**
 * Keeps the request and resolves with the code by which its status can be asked. `onNew` is part of the same transaction:
 * it is done once, however often the platform asks.
 */
export async function keepRequest(
  db: Db,
  request: PlatformRequest,
  now: Date,
  onNew: (tx: Tx, code: string) => Promise<void> = async () => {},
): Promise<string> {
  const code = randomBytes(8).toString('hex').toUpperCase()
  return transaction(db, 'keep-request', async (tx) => {
    const kept = await insertRequest(tx, request, code, now)
    if (kept === code) await onNew(tx, code)
    return kept
  })
}

async function insertRequest(tx: Tx, request: PlatformRequest, code: string, now: Date): Promise<string> {
  const { platform, kind, signed, userId } = request
  const kept = await tx
    .insertInto('platformRequests')
    .values({
      code,
      platform,
      kind,
      requestHash: sha256(Buffer.concat([Buffer.from(`${kind}\n`), Buffer.from(signed)])),
      userHash: sha256(`${code}\n${userId}`), // salted: the ids are short numbers
      requestedAt: now,
    })
    .onConflict((conflict) => conflict.column('requestHash').doUpdateSet({ kind }))
    .returning('code')
    .executeTakeFirstOrThrow()
  return kept.code
}

/** What somebody who had logged in to our app on Facebook wants deleted. */
export async function findRequest(db: Db, code: string): Promise<{ requestedAt: Date } | null> {
  const found = await db
    .selectFrom('platformRequests')
    .select('requestedAt')
    .where('code', '=', code)
    .where('platform', '=', 'facebook')
    .where('kind', '=', 'data_deletion')
    .executeTakeFirst()
  return found ?? null
}
