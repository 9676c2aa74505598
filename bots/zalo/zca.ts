import type { API, SendMessageQuote } from 'zca-js'
import { z } from 'zod'
import type { Picture } from '../../src/outbox/publisher.ts'
import type { StrangeFrame } from '../listener.ts'
import { Quote } from './address.ts'
import { zaloFetch } from './fetch.ts'
import { type GroupSeen, groupsIn } from './groups-seen.ts'
import { SessionCookie, type ZaloSession } from './session.ts'
import { socketAgent } from './socket-agent.ts'
import { noteEvent, noteFailure, pingSocket, watchFrames } from './zca-socket.ts'

export type ThreadKind = 'user' | 'group'

/** Events of the library that are written down as they come. */
type EventName =
  | 'message'
  | 'undo'
  | 'reaction'
  | 'delivered_messages'
  | 'seen_messages'
  | 'group_event'
  | 'friend_event'

/** What the library calls while a socket is open. Never throws into it: an exception there costs the rest of the frame. */
export interface SocketHandlers {
  /** The cipher key is there: from now on messages can be read and old ones asked for. */
  opened(): void
  /** The socket is gone: nothing is heard from here on, whatever follows. */
  disconnected(code: number): void
  /** It may be opened again. */
  closed(code: number): void
  /** A frame could not be read, or the socket failed; in the second case `closed` follows. */
  failed(error: unknown): void
  event(name: EventName, data: unknown): void
  oldMessages(thread: ThreadKind, messages: readonly unknown[]): void
  unknownCommand(cmd: number, became: StrangeFrame): void
  pong(): void
}

/** One login of an account: its calls and its one socket. */
export interface ZaloConnection {
  readonly uid: string
  session(): ZaloSession
  /** The id Zalo gave the message, null when it gave none that can be trusted. */
  sendText(thread: ThreadKind, id: string, text: TextToSend): Promise<string | null>
  /** A picture with a text under it. */
  sendPicture(thread: ThreadKind, id: string, text: string, picture: Picture): Promise<string | null>
  /** Puts a sign under somebody's message; the account's own event tells that it stands. */
  react(thread: ThreadKind, id: string, to: ReactedTo, sign: Sign): Promise<void>
  keepAlive(): Promise<void>
  /** How the account stands in these groups; one that the answer leaves out is not among them. */
  readGroups(ids: readonly string[]): Promise<readonly GroupSeen[]>
  listen(handlers: SocketHandlers): void
  /**
   * Opens the socket. Only after `closed`: a late close of the old one would wipe the new one's key. False when its
   * frames cannot be watched because the library is not built as we know it.
   */
  open(): boolean
  /** Closes with a handshake; `closed` follows. */
  close(): void
  cut(): void
  ping(): void
  bytesRead(): number
  requestOldMessages(thread: ThreadKind): void
}

export interface TextToSend {
  readonly msg: string
  readonly quote?: Quote
  readonly mentions?: { pos: number; uid: string; len: number }[]
}

/** The ids of a message as Zalo and its sender named it. */
export type ReactedTo = Pick<Quote, 'msgId' | 'cliMsgId'>
export const Sign = z.enum(['👍'])
export type Sign = z.infer<typeof Sign>

export interface LoginOptions {
  readonly session: ZaloSession
  readonly simUrl: string | null
  readonly callTimeoutMs: number
  readonly onCookies: () => void
}

/** What the login with a QR code is at. */
export type QrEvent =
  | { readonly is: 'shown'; readonly image: string; readonly actions: QrActions }
  | { readonly is: 'scanned'; readonly name: string }
  | { readonly is: 'expired'; readonly actions: QrActions }
  | { readonly is: 'declined'; readonly actions: QrActions }

export interface QrActions {
  abort(): void
}

/** Logs in with a stored session. The library is loaded here and not before. */
export async function logIn({ session, simUrl, callTimeoutMs, onCookies }: LoginOptions): Promise<ZaloConnection> {
  const { Zalo, ThreadType, Reactions } = await import('zca-js')
  const socket = socketAgent(simUrl)
  const polyfill = zaloFetch({ simUrl, callTimeoutMs, onCookies })
  const zalo = new Zalo({ ...quietly, polyfill, agent: socket.agent })
  const { imei, userAgent, language, cookies } = session // the library writes into the cookies it is given
  const api = await zalo.login({ imei, userAgent, language, cookie: structuredClone(cookies) })
  const { listener } = api
  const uid = api.getOwnId()
  const typeOf = (thread: ThreadKind): 0 | 1 => (thread === 'group' ? ThreadType.Group : ThreadType.User)
  let handlers: SocketHandlers | null = null

  return {
    uid,
    session: () => sessionOf(api, session, uid),
    sendText: async (thread, id, text) => {
      const quote = text.quote === undefined ? {} : { quote: LibraryQuote.parse(text.quote) }
      const mentions = text.mentions === undefined ? {} : { mentions: text.mentions }
      const { message } = await api.sendMessage({ msg: text.msg, ...quote, ...mentions }, id, typeOf(thread))
      return SentId.safeParse(message?.msgId).data ?? null
    },
    sendPicture: async (thread, id, msg, { data, name, ...size }) => {
      const filename = PictureName.parse(name)
      const attachments = [{ data, filename, metadata: { totalSize: data.length, ...size } }]
      const { attachment } = await api.sendMessage({ msg, attachments }, id, typeOf(thread))
      return SentId.safeParse(attachment[0]?.msgId).data ?? null
    },
    react: async (thread, id, { msgId, cliMsgId }, sign) => {
      const icon = { '👍': Reactions.LIKE }[sign]
      await api.addReaction(icon, { data: { msgId, cliMsgId }, threadId: id, type: typeOf(thread) })
    },
    keepAlive: async () => void (await api.keepAlive()),
    readGroups: async (ids) => groupsIn(await api.getGroupInfo([...ids]), uid),
    listen: (to) => {
      handlers = to
      // First of all: an `error` nobody hears ends the process.
      listener.on('error', (error) => {
        noteFailure()
        to.failed(error)
      })
      listener.on('cipher_key', () => to.opened())
      listener.on('disconnected', (code) => to.disconnected(code))
      listener.on('closed', (code) => to.closed(code))
      listener.on('message', (data) => {
        noteEvent()
        to.event('message', data)
      })
      listener.on('undo', (data) => {
        noteEvent()
        to.event('undo', data)
      })
      listener.on('reaction', (data) => to.event('reaction', data))
      listener.on('delivered_messages', (data) => to.event('delivered_messages', data))
      listener.on('seen_messages', (data) => to.event('seen_messages', data))
      listener.on('group_event', (data) => to.event('group_event', data))
      listener.on('friend_event', (data) => to.event('friend_event', data))
      listener.on('old_messages', (messages, type) =>
        to.oldMessages(type === ThreadType.Group ? 'group' : 'user', messages),
      )
    },
    open: () => {
      listener.start({ retryOnClose: false }) // its own retries end the process for codes the server does not list
      return handlers !== null && watchFrames(listener, handlers)
    },
    close: () => listener.stop(),
    cut: socket.cut,
    ping: () => pingSocket(listener),
    bytesRead: socket.bytesRead,
    requestOldMessages: (thread) => listener.requestOldMessages(typeOf(thread), null),
  }
}

/** Logs in with a code that a phone scans. Unlike the library's own promise this one needs `abort` to end early. */
export async function logInByQr(
  { simUrl, callTimeoutMs, pollGapMs }: { simUrl: string | null; callTimeoutMs: number; pollGapMs: number },
  onEvent: (event: QrEvent) => void,
): Promise<ZaloSession> {
  const { Zalo, LoginQRCallbackEventType: Type } = await import('zca-js')
  const polyfill = gently(zaloFetch({ simUrl, callTimeoutMs, onCookies: () => {} }), pollGapMs)
  const language = 'vi'
  let device = { imei: '', userAgent: '' }
  // Always with a callback: without one the library writes the code to a file in the working directory.
  const api = await new Zalo({ ...quietly, polyfill }).loginQR({ language }, (event) => {
    const actions = { abort: () => void event.actions?.abort() }
    if (event.type === Type.QRCodeGenerated) onEvent({ is: 'shown', image: event.data.image, actions })
    if (event.type === Type.QRCodeScanned) onEvent({ is: 'scanned', name: event.data.display_name })
    if (event.type === Type.QRCodeExpired) onEvent({ is: 'expired', actions })
    if (event.type === Type.QRCodeDeclined) onEvent({ is: 'declined', actions })
    if (event.type === Type.GotLoginInfo) device = event.data
  })
  const { imei, userAgent } = device
  return sessionOf(api, { v: 1, uid: null, imei, userAgent, language, cookies: [] }, api.getOwnId())
}

const quietly = {
  logging: false, // it prints what people write
  checkUpdate: false, // it asks the npm registry
  selfListen: true, // else our own echoes, our removal from a group and our own undo stay hidden
}

/** While a code is shown the library asks again and again without a pause of its own. */
function gently(call: typeof fetch, gapMs: number): typeof fetch {
  return async (input, init) => {
    if (String(input).includes('/qr/waiting-')) await new Promise((resolve) => setTimeout(resolve, gapMs))
    return call(input, init)
  }
}

const SentId = z.union([z.string().min(1), z.int().transform(String)])
/** With another ending the library sends a file, and the text before it as a message of its own. */
const PictureName = z.templateLiteral([z.string(), '.', z.enum(['jpg', 'png', 'webp'])])
/** The library's type promises more of propertyExt than Zalo keeps; it passes it on as it is. */
const LibraryQuote = z.custom<SendMessageQuote>((value) => Quote.safeParse(value).success)

function sessionOf(api: API, { imei, userAgent, language }: ZaloSession, uid: string): ZaloSession {
  const jar: unknown[] = JSON.parse(JSON.stringify(api.getCookie().toJSON()?.cookies ?? []))
  const cookies = jar.flatMap((cookie) => SessionCookie.safeParse(cookie).data ?? [])
  return { v: 1, uid, imei, userAgent, language, cookies }
}
