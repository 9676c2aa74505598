import { type API, type GroupMessage, type Reaction, ThreadType, type Undo, type UserMessage, Zalo } from 'zca-js'
import { simFetch } from '../../sim/zalo/client-fetch.ts'
import { startZaloSim, type ZaloSim, type ZaloSimOptions } from '../../sim/zalo/sim.ts'
import type { Credentials } from '../../sim/zalo/world/cast.ts'
import { until } from '../support/until.ts'

/** Everything a listener said, in order. */
export interface Heard {
  messages: (UserMessage | GroupMessage)[]
  old: { messages: (UserMessage | GroupMessage)[]; type: ThreadType }[]
  undos: Undo[]
  reactions: Reaction[]
  groupEvents: { type: string; threadId: string; isSelf: boolean }[]
  errors: unknown[]
  closed: number[]
  keys: number
}

export interface Town {
  sim: ZaloSim
  /** The bot account and how zca-js is logged in to it. */
  bot: string
  credentials: Credentials
  lan: string
  group: string
}

/** One account, one resident, one group they share. */
export async function town(options: Partial<ZaloSimOptions> = {}): Promise<Town> {
  const sim = await startZaloSim({ allow: true, ...options })
  const { uid: bot, credentials } = sim.addAccount({ name: 'Mặt trận xã' })
  const lan = sim.addPerson({ name: 'Nguyễn Thị Lan' })
  const { id: group } = sim.addGroup({ name: 'Khối 5', members: [lan], accounts: [bot] })
  return { sim, bot, credentials, lan, group }
}

export function newZalo(sim: ZaloSim): Zalo {
  return new Zalo({ logging: false, checkUpdate: false, selfListen: true, polyfill: simFetch(sim.url) })
}

/** Logs in with the real library. */
export async function login(sim: ZaloSim, { imei, userAgent, cookie }: Credentials): Promise<API> {
  const filled = cookie.map((one) => ({
    ...one,
    ...{ expirationDate: 0, hostOnly: false, sameSite: 'no_restriction', session: false, storeId: '0' },
  }))
  return newZalo(sim).login({ imei, userAgent, cookie: filled })
}

/** Logs in and listens; resolves once the socket has its key. */
export async function connect(sim: ZaloSim, credentials: Credentials): Promise<{ api: API; heard: Heard }> {
  const api = await login(sim, credentials)
  const heard = listen(api)
  await until(() => heard.keys > 0, { what: 'the socket to be greeted' })
  return { api, heard }
}

export function listen(api: API): Heard {
  const heard: Heard = {
    messages: [],
    old: [],
    undos: [],
    reactions: [],
    groupEvents: [],
    errors: [],
    closed: [],
    keys: 0,
  }
  api.listener.on('message', (message) => heard.messages.push(message))
  api.listener.on('old_messages', (messages, type) => heard.old.push({ messages, type }))
  api.listener.on('undo', (undo) => heard.undos.push(undo))
  api.listener.on('reaction', (reaction) => heard.reactions.push(reaction))
  api.listener.on('group_event', ({ type, threadId, isSelf }) => heard.groupEvents.push({ type, threadId, isSelf }))
  api.listener.on('error', (error) => heard.errors.push(error))
  api.listener.on('closed', (code) => heard.closed.push(code))
  api.listener.on('cipher_key', () => {
    heard.keys += 1
  })
  api.listener.start({ retryOnClose: false })
  return heard
}

/** The text contents heard, own ones marked; an undo among old messages by its mark. */
export function texts(messages: readonly (UserMessage | GroupMessage)[]): string[] {
  return messages.map(({ isSelf, data: { content } }) => {
    const text = typeof content === 'string' ? content : 'deleteMsg' in content ? '(deleteMsg)' : '(object)'
    return isSelf ? `own: ${text}` : text
  })
}

export { ThreadType }
