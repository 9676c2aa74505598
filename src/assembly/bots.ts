import type { Bot } from '../../bots/bot.ts'
import { normalise as normaliseFacebook } from '../../bots/facebook/normalise.ts'
import { normalise as normaliseZalo } from '../../bots/zalo/normalise.ts'
import { quotedIn as quotedInZalo } from '../../bots/zalo/quoted.ts'
import { normalise as normaliseZaloBot } from '../../bots/zalo-bot/normalise.ts'
import { normalise as normaliseZaloOa } from '../../bots/zalo-oa/normalise.ts'
import type { Place } from '../intake/event.ts'
import type { JsonObject } from '../lib/json.ts'

const facebook: Bot = {
  platform: 'facebook',
  normalise: normaliseFacebook,
  quotedIn: () => null,
  chatAddress: (place) => ({ type: 'messenger', psid: place.id }),
  canReadBack: true,
  hearsItself: true,
  tellsQuotes: true,
  canLookUp: true,
  fileDomains: ['fbcdn.net', 'fbsbx.com'],
  maxTextChars: 8_000,
  maxPrivateReplyChars: 2_000,
  photoWith: { public: 'inside', resident: null },
  reacts: false,
  managesWall: true,
}

const zalo: Bot = {
  platform: 'zalo',
  normalise: normaliseZalo,
  quotedIn: quotedInZalo,
  chatAddress: (place) =>
    place.kind === 'group' ? { type: 'group', groupId: place.id } : { type: 'user', uid: place.id },
  canReadBack: false,
  hearsItself: true,
  tellsQuotes: true,
  canLookUp: false,
  fileDomains: ['zdn.vn', 'zadn.vn', 'dlfl.vn', 'dlmd.me', 'zalo.me'],
  maxTextChars: 2_000,
  maxPrivateReplyChars: null,
  photoWith: { public: 'after', resident: 'after' },
  reacts: true,
  managesWall: false,
}

const zaloBot: Bot = {
  platform: 'zalo_bot',
  normalise: normaliseZaloBot,
  quotedIn: () => null,
  chatAddress: (place) => ({ type: place.kind === 'group' ? 'group' : 'direct', chatId: place.id }),
  canReadBack: false,
  hearsItself: false,
  tellsQuotes: false,
  canLookUp: false,
  fileDomains: ['zdn.vn', 'zadn.vn', 'dlfl.vn', 'dlmd.me', 'zalo.me'],
  maxTextChars: 2_000,
  maxPrivateReplyChars: null,
  photoWith: { public: null, resident: null },
  reacts: false,
  managesWall: false,
}

const zaloOa: Bot = {
  platform: 'zalo_oa',
  normalise: normaliseZaloOa,
  quotedIn: () => null,
  chatAddress: (place) => ({ type: 'user', userId: place.id }),
  canReadBack: true,
  hearsItself: true,
  tellsQuotes: true,
  canLookUp: false,
  fileDomains: ['zdn.vn', 'zadn.vn', 'zalo.me'],
  maxTextChars: 2_000,
  maxPrivateReplyChars: null,
  photoWith: { public: null, resident: 'after' },
  reacts: false,
  managesWall: false,
}

/** Every platform that this program speaks. A new one is a folder in bots/ and an entry here. */
export const bots: ReadonlyMap<string, Bot> = new Map(
  [facebook, zalo, zaloBot, zaloOa].map((bot) => [bot.platform, bot]),
)

/** How the platform writes down the address of a chat. */
export function chatAddress(platform: string, place: Place): JsonObject {
  const bot = bots.get(platform)
  if (bot === undefined) throw new RangeError(`no bot for the platform ${platform}`)
  return bot.chatAddress(place)
}
