import type { GroupNews } from '../../src/intake/event.ts'
import { GroupHappening } from './payload.ts'

/** Pure. What a happening in a group means for us there; null: nothing. */
export function readGroupHappening(account: string, data: unknown): GroupNews | null {
  const read = GroupHappening.safeParse(data)
  if (!read.success) return null
  const { threadId, data: inside } = read.data
  const happened = whatHappened(account, read.data)
  if (happened === null) return null
  const setting = happened === 'settings' ? inside.groupSetting : undefined
  return {
    kind: 'group_news',
    accountExternalId: account,
    groupId: threadId,
    occurredAt: timeOf(inside.time),
    happened,
    isLocked: setting?.lockSendMsg ?? null,
    hidesMembers: setting?.lockViewMember ?? null,
  }
}

/** The library has no type for a group that is dissolved; the name of the act is the one of the call that does it. */
const dissolved = /^(disperse|dissolve|delete)(_group)?$/

function whatHappened(account: string, { type, act, data }: GroupHappening): GroupNews['happened'] | null {
  if (type === 'unknown') return dissolved.test(act ?? '') ? 'dissolved' : null
  if (type === 'update_setting') return 'settings'
  if (!data.updateMembers.includes(account)) return null
  switch (type) {
    case 'remove_member':
    case 'block_member':
    case 'leave':
      return 'left'
    case 'join':
      return 'joined'
    // Whoever becomes or ceases to be an admin may write, or may not, where only admins may.
    case 'add_admin':
    case 'remove_admin':
      return 'settings'
    default:
      return null
  }
}

/** 1970 where no time is told: then arrival is the better knowledge. */
function timeOf(time: string | undefined): Date {
  return new Date(/^\d{12,14}$/.test(time ?? '') ? Number(time) : 0)
}
