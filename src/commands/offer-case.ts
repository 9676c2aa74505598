import { getCase } from '../cases/store.ts'
import type { Tx } from '../db/client.ts'
import type { StoredEvent } from '../intake/store.ts'
import { plusMs } from '../lib/clock.ts'
import type { CaseId } from '../lib/ids.ts'
import { type StandingText, toldPost } from '../replies/standing.ts'
import { answeringTexts } from '../texts/answering.ts'
import { officerTexts } from '../texts/officer.ts'
import { photoTexts } from '../texts/photos.ts'
import type { Acting, Effect } from './acting.ts'
import type { Command } from './command.ts'
import { RECENT_MS, saveOffer } from './offered.ts'

const OFFERED = 'case_offered'

/**
 * Where a quote is not told and no code is named: was exactly one thing spoken of in this chat lately, it is asked whether
 * that one is meant. Null: there was none, or more than one.
 */
export async function offerCase(
  { tx, message, photo, now }: Acting,
  { kind }: Pick<Command, 'kind'>,
): Promise<Effect | null> {
  const text = message.text?.trim() ?? ''
  if (text === '' && (photo === null || photo === 'lost')) return null
  const { cases, posts } = await spokenOf(tx, message, kind === 'edit' || kind === 'take_down', now)
  const [caseId] = cases
  const [post] = posts
  if (cases.length + posts.length !== 1) return null
  if (post !== undefined) {
    await saveOffer(tx, message, { what: 'post', outboxId: post.id }, now)
    return { outcome: 'post_offered', reply: answeringTexts.isPostMeant(text) }
  }
  if (caseId === undefined) return null
  const { code } = await getCase(tx, caseId)
  await saveOffer(tx, message, { what: 'case', caseId }, now)
  if (text === '') return { outcome: OFFERED, reply: photoTexts.isMeant(code), about: caseId }
  return { outcome: OFFERED, reply: officerTexts.isThisMeant(code, text, kind === 'answer'), about: caseId }
}

/** What our messages in this chat were about lately: cases, and posts where those may be meant. */
async function spokenOf(
  tx: Tx,
  { accountId, place }: StoredEvent,
  orPosts: boolean,
  now: Date,
): Promise<{ cases: readonly CaseId[]; posts: readonly StandingText[] }> {
  const rows = await tx
    .selectFrom('outbox')
    .select(['caseId', 'originId'])
    .distinct()
    .where('accountId', '=', accountId)
    .where('placeId', '=', place.id)
    .where('kind', 'in', ['card', 'notice'])
    .where('state', 'in', ['sent', 'confirmed'])
    .where('attemptEndedAt', '>=', plusMs(now, -RECENT_MS))
    .execute()
  const cases = new Set(rows.flatMap(({ caseId }) => (caseId === null ? [] : [caseId])))
  const posts = new Map<string, StandingText>()
  for (const { caseId, originId } of orPosts ? rows : []) {
    const post = caseId === null ? await toldPost(tx, originId) : null
    if (post !== null) posts.set(post.id, post)
  }
  return { cases: [...cases], posts: [...posts.values()] }
}
