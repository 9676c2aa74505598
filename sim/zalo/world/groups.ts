import * as z from 'zod'
import { accountNamed, groupIdFor, nameOf, personNamed, uidOf } from './ids.ts'
import { type Author, type Group, SimError } from './types.ts'
import type { World } from './world.ts'

export const Membership = z.object({ group: z.string(), person: z.string().optional(), account: z.string().optional() })
export type Membership = z.input<typeof Membership>

/** `itself`: nobody removed them, they went. */
export const Leaving = Membership.extend({ itself: z.boolean().default(false) })
export type Leaving = z.input<typeof Leaving>

export const GroupSettings = z.object({
  group: z.string(),
  lockSendMsg: z.boolean().optional(),
  lockViewMember: z.boolean().optional(),
  /** People and accounts; nobody is told. */
  admins: z.array(z.string()).optional(),
  /** The socket says nothing of it; only who asks learns it. */
  silently: z.boolean().default(false),
})
export type GroupSettings = z.input<typeof GroupSettings>

export const Dissolving = z.object({ group: z.string() })
export type Dissolving = z.input<typeof Dissolving>

/** Somebody comes into a group: everybody there is told, the newcomer too. */
export function joinGroup(world: World, input: Membership): void {
  const { group, who } = memberOf(world, Membership.parse(input))
  if (group.isDissolved) throw new SimError(`the group "${group.name}" is dissolved`)
  if ('person' in who) group.members = [...new Set([...group.members, who.person])]
  else {
    group.accounts = [...new Set([...group.accounts, who.account])]
    group.former = group.former.filter((uid) => uid !== who.account)
  }
  tellGroup(world, group, group.accounts, 'join', [who])
}

/** Somebody is removed, or goes: everybody is told, the removed account too. */
export function leaveGroup(world: World, input: Leaving): void {
  const { itself, ...member } = Leaving.parse(input)
  const { group, who } = memberOf(world, member)
  const told = group.accounts
  putOut(group, who)
  tellGroup(world, group, told, itself ? 'leave' : 'remove_member', [who])
}

/** Its admins change what members may do; everybody is told all of it, as the real event carries all settings. */
export function setGroup(world: World, input: GroupSettings): void {
  const { group: id, silently, ...change } = GroupSettings.parse(input)
  const group = existing(world, id)
  if (change.lockSendMsg !== undefined) group.lockSendMsg = change.lockSendMsg
  if (change.lockViewMember !== undefined) group.lockViewMember = change.lockViewMember
  if (change.admins !== undefined) group.admins = change.admins
  if (!silently) tellGroup(world, group, group.accounts, 'update_setting', [], { groupSetting: settingOf(group) })
}

/** The group is no more: everybody in it is told, and is out. */
export function dissolveGroup(world: World, input: Dissolving): void {
  const group = existing(world, Dissolving.parse(input).group)
  const told = group.accounts
  const everybody: Author[] = [...group.members.map((person) => ({ person })), ...told.map((account) => ({ account }))]
  for (const who of everybody) putOut(group, who)
  group.isDissolved = true
  tellGroup(world, group, told, 'disperse', everybody)
}

/** As getGroupInfo and the event of a changed setting carry it. */
export function settingOf({ lockViewMember, lockSendMsg }: Group): Record<string, number> {
  return {
    blockName: 0,
    signAdminMsg: 1,
    addMemberOnly: 0,
    setTopicOnly: 0,
    enableMsgHistory: 1,
    joinAppr: 0,
    lockCreatePost: 0,
    lockCreatePoll: 0,
    lockSendMsg: lockSendMsg ? 1 : 0,
    lockViewMember: lockViewMember ? 1 : 0,
    bannFeature: 0,
    dirtyMedia: 0,
    banDuration: 0,
  }
}

/** Whether they may write there now. */
export function mayWrite(group: Group, who: Author): boolean {
  return !group.lockSendMsg || group.admins.includes('person' in who ? who.person : who.account)
}

function putOut(group: Group, who: Author): void {
  if ('person' in who) group.members = group.members.filter((id) => id !== who.person)
  else {
    group.accounts = group.accounts.filter((id) => id !== who.account)
    group.former = [...new Set([...group.former, who.account])]
  }
}

function existing(world: World, id: string): Group {
  const group = world.data.groups.get(id)
  if (!group) throw new SimError(`there is no group "${id}"`)
  return group
}

function memberOf(
  world: World,
  { group: id, person, account }: z.infer<typeof Membership>,
): { group: Group; who: Author } {
  const group = existing(world, id)
  return { group, who: account === undefined ? personNamed(world, person ?? '') : accountNamed(world, account) }
}

function tellGroup(
  world: World,
  group: Group,
  told: readonly string[],
  act: string,
  members: readonly Author[],
  more: Record<string, unknown> = {},
): void {
  for (const viewer of told) {
    const data = {
      subType: 1,
      groupId: groupIdFor(group.id, viewer),
      creatorId: '1',
      groupName: group.name,
      sourceId: '1',
      updateMembers: members.map((who) => ({
        id: uidOf(world, who, viewer),
        dName: nameOf(world, who),
        avatar: '',
        type: 1,
        avatar_25: '',
      })),
      time: String(world.now()),
      isAdd: 0,
      groupType: 1,
      ...more,
    }
    world.line.control(viewer, { act_type: 'group', act, data: JSON.stringify(data) })
  }
}
