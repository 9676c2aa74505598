import * as z from 'zod'
import { settingOf } from '../world/groups.ts'
import { groupIdFor, groupNamed, nameOf, uidOf, whoIs } from '../world/ids.ts'
import type { Author, Group } from '../world/types.ts'
import type { World } from '../world/world.ts'
import type { Route } from './api.ts'
import { Refusal } from './envelope.ts'
import { jsonOf, parsed } from './messages.ts'

const Wanted = z.object({ gridVerMap: z.string() })
const Versions = z.record(z.string(), z.unknown())
const Members = z.object({ friend_pversion_map: z.array(z.string()) })

export const groupRoutes: Record<string, Route> = {
  'POST group/api/group/getmg-v2': (world, { account, params }) => {
    const gids = Object.keys(parsed(Versions, jsonOf(parsed(Wanted, params).gridVerMap)))
    const removedsGroup = gids.filter((gid) => wasIn(world, gid, account))
    const gridInfoMap = Object.fromEntries(
      gids
        .filter((gid) => !removedsGroup.includes(gid))
        .map((gid) => {
          const group = groupNamed(world, gid, account)
          if (!group) throw new Refusal(114)
          return [gid, infoOf(world, group, account)]
        }),
    )
    return { removedsGroup, unchangedsGroup: [], gridInfoMap }
  },
  'GET group_poll/api/group/getlg/v4': (world, { account }) => {
    const groups = [...world.data.groups.values()].filter((group) => group.accounts.includes(account))
    return { version: '1', gridVerMap: Object.fromEntries(groups.map(({ id }) => [groupIdFor(id, account), '1'])) }
  },
  'GET profile/api/social/group/members': (world, { account, params }) => {
    const profiles: Record<string, unknown> = {}
    for (const versioned of parsed(Members, params).friend_pversion_map) {
      const uid = versioned.replace(/_\d+$/, '')
      const who = whoIs(world, uid, account)
      if (who) profiles[uid] = { id: uid, dName: nameOf(world, who), zaloName: nameOf(world, who), avatar: '', type: 0 }
    }
    return { profiles, unchangeds_profile: [] }
  },
}

/** A group that the account is out of; one that it never was in is somebody else's id. */
function wasIn(world: World, gid: string, viewer: string): boolean {
  return [...world.data.groups.values()].some(
    ({ id, former, accounts }) =>
      former.includes(viewer) && !accounts.includes(viewer) && groupIdFor(id, viewer) === gid,
  )
}

function infoOf(world: World, group: Group, viewer: string): Record<string, unknown> {
  const everybody: Author[] = [
    ...group.members.map((person) => ({ person })),
    ...group.accounts.map((account) => ({ account })),
  ]
  const shown = group.lockViewMember ? [{ account: viewer }] : everybody
  return {
    groupId: groupIdFor(group.id, viewer),
    name: group.name,
    desc: '',
    type: 1,
    creatorId: '1',
    version: '1',
    avt: '',
    fullAvt: '',
    memberIds: [], // empty in the field too: the members are in memVerList
    adminIds: group.admins.map((id) =>
      uidOf(world, world.data.accounts.has(id) ? { account: id } : { person: id }, viewer),
    ),
    currentMems: [],
    updateMems: [],
    memVerList: shown.map((who) => `${uidOf(world, who, viewer)}_0`),
    totalMember: everybody.length,
    maxMember: 1000,
    hasMoreMember: 0,
    subType: 1,
    visibility: 0,
    globalId: group.id,
    createdTime: group.createdAt,
    setting: settingOf(group),
  }
}
