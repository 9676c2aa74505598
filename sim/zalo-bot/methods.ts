import { z } from 'zod'
import type { Core } from './core.ts'
import { newMessageId, placeOfChat } from './ids.ts'
import { ApiRefusal } from './refusal.ts'
import { refusesAddress } from './webhook-address.ts'
import { type Bot, keepMessage, type Message, type MessageKind, type Place, placeKey } from './world.ts'

type Call = { bot: Bot; params: unknown; gone: AbortSignal }
/** What a call brings: the true answer, and which message came into being by it. */
export type Done = { body: object | string; created: string | null; handed: { about: string | null } | null }

const maxTextChars = 2_000
const Words = z.string().min(1).max(maxTextChars)
const SendMessage = z.object({ chat_id: z.string().min(1), text: Words })
const SendPhoto = z.object({ chat_id: z.string().min(1), photo: z.url(), caption: Words.optional() })
const SendChatAction = z.object({ chat_id: z.string().min(1), action: z.literal('typing') })
// The table of parameters says text, its own example sends a number.
const GetUpdates = z.object({ timeout: z.coerce.number().min(0).max(60).default(30) })
const SetWebhook = z.object({ url: z.string(), secret_token: z.string().min(8).max(256) })

type Method = (core: Core, call: Call) => Done | Promise<Done>

/** The methods of the API by their names, which are case-sensitive. */
export const methods: Readonly<Record<string, Method>> = {
  getMe: (_core, { bot }) =>
    done({ id: bot.id, account_name: bot.name, account_type: 'BASIC', can_join_groups: bot.canJoinGroups }),
  getUpdates,
  setWebhook: (core, { bot, params }) => {
    const { url, secret_token: secret } = parsed(SetWebhook, params)
    const why = refusesAddress(url, core.allowLoopbackWebhook)
    if (why !== null) throw new ApiRefusal(400, `Bad request: ${why}`)
    bot.webhook = { url, secret, updatedAt: core.now() }
    core.line.webhookSet(bot)
    return done({ url, updated_at: bot.webhook.updatedAt })
  },
  deleteWebhook: (core, { bot }) => {
    bot.webhook = null
    return done({ url: '', updated_at: core.now() })
  },
  getWebhookInfo: (_core, { bot }) => done({ url: bot.webhook?.url ?? '', updated_at: bot.webhook?.updatedAt ?? 0 }),
  sendMessage: (core, { bot, params }) => {
    const { chat_id: chatId, text } = parsed(SendMessage, params)
    return posted(core, bot, chatId, 'text', text, null)
  },
  sendPhoto: (core, { bot, params }) => {
    const { chat_id: chatId, photo, caption = '' } = parsed(SendPhoto, params)
    return posted(core, bot, chatId, 'image', caption, photo)
  },
  sendChatAction: (core, { bot, params }) => {
    writablePlace(core, bot, parsed(SendChatAction, params).chat_id)
    return { body: { ok: true }, created: null, handed: null }
  },
}

/** One update, and it is gone: there is no offset and nothing to confirm it with. */
async function getUpdates(core: Core, { bot, params, gone }: Call): Promise<Done> {
  const { timeout } = parsed(GetUpdates, params)
  if (bot.webhook !== null) throw new ApiRefusal(400, 'Bad request: getUpdates does not work while a webhook is set')
  const parcel = await core.line.next(bot, timeout * 1_000 * core.pollScale, gone)
  if (parcel === null) throw new ApiRefusal(408)
  return { body: parcel.bytes, created: null, handed: { about: parcel.update.about } }
}

function posted(core: Core, bot: Bot, chatId: string, kind: MessageKind, text: string, media: string | null): Done {
  const place = writablePlace(core, bot, chatId)
  const by = { bot: bot.id }
  const message: Message = { id: newMessageId(), place, by, at: core.now(), kind, text, media, quote: null }
  keepMessage(core.world, message)
  const { id, at } = message
  core.journal.write({ kind: 'posted', what: kind, id, place: placeKey(place), bot: bot.id, text, by })
  return { ...done({ message_id: id, date: at }), created: id }
}

/** A chat id is learnt from a message of the person: before that, and after they have closed the chat, it is unknown. */
function writablePlace({ world }: Core, bot: Bot, chatId: string): Place {
  const place = placeOfChat(world, bot.id, chatId)
  const key = place === null ? '' : placeKey(place)
  const isOpen = place !== null && ('group' in place || (world.places.has(key) && !world.closed.has(key)))
  if (place === null || !isOpen) throw new ApiRefusal(400, 'Bad request: chat not found')
  return place
}

function done(result: object): Done {
  return { body: { ok: true, result }, created: null, handed: null }
}

function parsed<T>(schema: z.ZodType<T>, params: unknown): T {
  const read = schema.safeParse(params)
  if (!read.success) throw new ApiRefusal(400, `Bad request: ${read.error.issues[0]?.path.join('.') ?? 'body'}`)
  return read.data
}
