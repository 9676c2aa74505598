import { z } from 'zod'

/** How the account stands in a group, when Zalo is asked. */
export interface GroupSeen {
  readonly groupId: string
  readonly standing: 'open' | 'locked' | 'removed'
  /** Null: not told. */
  readonly hidesMembers: boolean | null
}

const Info = z.object({
  creatorId: z.string().catch(''),
  adminIds: z.array(z.string()).catch([]),
  setting: z.object({ lockSendMsg: z.number().optional(), lockViewMember: z.number().optional() }).catch({}),
})
const Answer = z.object({
  removedsGroup: z.array(z.string()).catch([]),
  gridInfoMap: z.record(z.string(), z.unknown()).catch({}),
})

/** Pure. What the answer of getGroupInfo says; a group that it says nothing readable of is left out. */
export function groupsIn(answer: unknown, uid: string): GroupSeen[] {
  const read = Answer.safeParse(answer)
  if (!read.success) return []
  const { removedsGroup, gridInfoMap } = read.data
  const seen: GroupSeen[] = []
  for (const [groupId, info] of Object.entries(gridInfoMap)) {
    const { data } = Info.safeParse(info)
    if (data === undefined || removedsGroup.includes(groupId)) continue
    const { lockSendMsg, lockViewMember } = data.setting
    const isAdmin = data.creatorId === uid || data.adminIds.includes(uid)
    const hidesMembers = lockViewMember === undefined ? null : lockViewMember === 1
    seen.push({ groupId, standing: lockSendMsg === 1 && !isAdmin ? 'locked' : 'open', hidesMembers })
  }
  return [...seen, ...removedsGroup.map((groupId) => ({ groupId, standing: 'removed', hidesMembers: null }) as const)]
}
