import { randomBytes } from 'node:crypto'
import type { Db } from '../db/client.ts'
import { sha256 } from '../lib/secrets.ts'

export type RequestKind = 'deauthorize' | 'data_deletion'

/** What Facebook asked in somebody's name. */
export interface PlatformRequest {
  readonly kind: RequestKind
  /** As it came: the same request again is the same row. */
  readonly signedRequest: string
  /** An id that means something to our app alone; it is neither an author's nor an officer's, and only its hash is kept. */
  readonly userId: string
}

/** Keeps the request and resolves with the code by which its status can be asked. */
export async function keepRequest(db: Db, request: PlatformRequest, now: Date): Promise<string> {
  const { kind, signedRequest, userId } = request
  const code = randomBytes(8).toString('hex').toUpperCase()
  const kept = await db
    .insertInto('platformRequests')
    .values({
      code,
      platform: 'facebook',
      kind,
      requestHash: sha256(`${kind}\n${signedRequest}`),
      userHash: sha256(`${code}\n${userId}`), // salted: the ids are short numbers
      requestedAt: now,
    })
    .onConflict((conflict) => conflict.column('requestHash').doUpdateSet({ kind }))
    .returning('code')
    .executeTakeFirstOrThrow()
  return kept.code
}

export async function findRequest(db: Db, code: string): Promise<{ requestedAt: Date } | null> {
  const found = await db
    .selectFrom('platformRequests')
    .select('requestedAt')
    .where('code', '=', code)
    .where('kind', '=', 'data_deletion')
    .executeTakeFirst()
  return found ?? null
}
