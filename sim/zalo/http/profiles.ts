import * as z from 'zod'
import { digits, nameOf, uidOf, whoIs } from '../world/ids.ts'
import type { Author } from '../world/types.ts'
import type { World } from '../world/world.ts'
import type { Route } from './api.ts'
import { Refusal } from './envelope.ts'
import { parsed } from './messages.ts'

const Wanted = z.object({ friend_pversion_map: z.array(z.string()) })
const ByPhone = z.object({ phone: z.string() })

export const profileRoutes: Record<string, Route> = {
  'GET profile/api/social/profile/me-v2': (world, { account }) => ({
    profile: profileOf(world, { account }, account),
  }),
  'POST profile/api/social/friend/getprofiles/v2': (world, { account, params }) => {
    const changed: Record<string, unknown> = {}
    for (const versioned of parsed(Wanted, params).friend_pversion_map) {
      const uid = versioned.replace(/_\d+$/, '')
      const who = whoIs(world, uid, account)
      if (who) changed[uid] = profileOf(world, who, account)
    }
    return { changed_profiles: changed, unchanged_profiles: {}, phonebook_version: 0 }
  },
  'GET profile/api/social/friend/getfriends': (world, { account }) =>
    [...world.data.people.keys()].map((person) => profileOf(world, { person }, account)),
  'GET friend/api/friend/profile/get': (world, { account, params }) => {
    const { phone } = parsed(ByPhone, params)
    const found = [...world.data.people.values()].find((person) => person.phone === phone)
    if (!found) throw new Refusal(216)
    const { uid, ...rest } = phoneProfile(world, found.id, account)
    return { uid, ...rest }
  },
}

function profileOf(world: World, who: Author, viewer: string): Record<string, unknown> {
  const name = nameOf(world, who)
  const userId = uidOf(world, who, viewer)
  return { userId, username: '', displayName: name, zaloName: name, avatar: '', gender: 0, globalId: globalId(who) }
}

function phoneProfile(world: World, person: string, viewer: string): { uid: string; [more: string]: unknown } {
  const name = nameOf(world, { person })
  const uid = uidOf(world, { person }, viewer)
  return { uid, zalo_name: name, display_name: name, avatar: '', gender: 0, status: '', globalId: globalId({ person }) }
}

// The one id of a person that is the same for every account.
function globalId(who: Author): string {
  return digits(`global ${'person' in who ? who.person : who.account}`)
}
