import type { Core } from '../core.ts'
import type { Contact } from '../world.ts'
import { oaOf } from '../world.ts'
import { refuse } from './answer.ts'

const hour = 3_600_000

/** What one more message costs and what is left; refuses where the window is shut. */
export function takeQuota({ world, settings }: Core, contact: Contact): Record<string, string> {
  const { oaId, lastActionAt } = contact
  if (lastActionAt === null) throw refuse(-232)
  const ageMs = world.now() - lastActionAt
  if (ageMs > 7 * 24 * hour) throw refuse(-230)
  const owner = { expired_date: '', owner_type: 'OA', owner_id: oaId }
  if (ageMs <= 48 * hour) {
    const total = settings.replyLimit ?? 8
    if (settings.replyLimit !== null && contact.repliesSince >= settings.replyLimit) throw refuse(-211)
    contact.repliesSince += 1
    const remain = settings.replyLimit === null ? total : total - contact.repliesSince
    return { quota_type: 'reply', remain: String(remain), total: String(total), ...owner }
  }
  const oa = oaOf(world, oaId)
  if (oa.balance === null) throw refuse(-320)
  if (oa.balance <= 0) throw refuse(-321)
  oa.balance -= 1
  return { quota_type: 'purchase_quota', remain: String(oa.balance), total: String(oa.balance + 1), ...owner }
}
