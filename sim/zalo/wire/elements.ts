import { groupIdFor, nameOf, uidOf } from '../world/ids.ts'
import type { Message, Quote, SimEvent } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { bareInteger, cmd } from './frames.ts'

/** One element of a socket list as one account sees it: its own uid space, itself as "0". */
export function elementFor(world: World, event: SimEvent, viewer: string): Record<string, unknown> {
  const isGroup = 'group' in event.thread
  const element = {
    actionId: `${event.id}0`,
    msgId: event.id,
    cliMsgId: event.cliMsgId,
    msgType: event.what === 'undo' ? 'chat.undo' : 'webchat',
    uidFrom: isOwn(event, viewer) ? '0' : uidOf(world, event.by, viewer),
    idTo: idTo(world, event, viewer),
    dName: nameOf(world, event.by),
    ts: String(event.at),
    status: 1,
    content: contentFor(world, event, viewer),
    notify: '1',
    ttl: 0,
    userId: '0',
    uin: '0',
    topOut: '0',
    topOutTimeOut: '0',
    topOutImprTimeOut: '0',
    propertyExt: { color: 0, size: 0, type: 0, subType: 0, ext: '{"shouldParseLinkOrContact":0}' },
    paramsExt: { countUnread: 1, containType: 0, platformType: 1 },
    cmd: isGroup ? cmd.group : cmd.direct,
    st: 3,
    at: 5,
    realMsgId: '0',
  }
  return event.what === 'message' ? { ...element, ...extrasOf(world, event, viewer) } : element
}

/** The list an event travels in and the command that carries it. */
export function channelOf(event: SimEvent): { cmd: number; list: string } {
  const isGroup = 'group' in event.thread
  if (event.what === 'reaction') return { cmd: cmd.reaction, list: isGroup ? 'reactGroups' : 'reacts' }
  return isGroup ? { cmd: cmd.group, list: 'groupMsgs' } : { cmd: cmd.direct, list: 'msgs' }
}

/** The JSON of a socket body. A reaction's frame must hold both lists. */
export function bodyOf(command: number, list: string, elements: readonly unknown[], more?: object): string {
  const empty = command === cmd.reaction ? { reacts: [], reactGroups: [] } : {}
  return JSON.stringify({ error_code: 0, error_message: 'Successful.', data: { ...empty, [list]: elements, ...more } })
}

/** The number the wire gives to a kind of message in quotes. */
function clientMessageType(msgType: string): number {
  return { 'chat.photo': 32, 'chat.sticker': 36, 'share.file': 46 }[msgType] ?? 1
}

function isOwn(event: SimEvent, viewer: string): boolean {
  return 'account' in event.by && event.by.account === viewer
}

function idTo(world: World, event: SimEvent, viewer: string): string {
  if ('group' in event.thread) return groupIdFor(event.thread.group, viewer)
  return isOwn(event, viewer) ? uidOf(world, { person: event.thread.person }, viewer) : '0'
}

function contentFor(world: World, event: SimEvent, viewer: string): unknown {
  if (event.what === 'message') return event.attachment?.content ?? event.text
  const target = world.data.events.get(event.target)
  const globalMsgId = Number(event.target)
  const cliMsgId = Number(target?.cliMsgId ?? 0)
  if (event.what === 'undo') {
    const srcId = bareInteger(uidOf(world, event.by, viewer))
    const to = idTo(world, event, viewer)
    return { globalMsgId, cliMsgId, deleteMsg: 1, srcId, destId: bareInteger(to === '0' ? viewer : to) }
  }
  const rMsg = [{ gMsgID: globalMsgId, cMsgID: cliMsgId, msgType: 1 }]
  return JSON.stringify({ rMsg, rIcon: event.icon, rType: event.rType, source: event.source })
}

function extrasOf(world: World, message: Message, viewer: string): Record<string, unknown> {
  const extras: Record<string, unknown> = {}
  if (message.attachment) extras.msgType = message.attachment.msgType
  if (message.quote) extras.quote = quoteFor(world, message.quote, viewer)
  if (message.mentions.length > 0) {
    extras.mentions = message.mentions.map(({ who, pos, len }) => ({
      uid: who === 'all' ? '-1' : uidOf(world, who, viewer),
      pos,
      len,
      type: who === 'all' ? 1 : 0,
    }))
  }
  return extras
}

function quoteFor(world: World, quote: Quote, viewer: string): Record<string, unknown> {
  const quoted = world.data.events.get(quote.msgId)
  const by = quoted?.by ?? { account: viewer }
  return {
    ownerId: bareInteger(uidOf(world, by, viewer)),
    cliMsgId: Number(quoted?.cliMsgId ?? 0),
    globalMsgId: Number(quote.msgId),
    cliMsgType: clientMessageType((quoted?.what === 'message' && quoted.attachment?.msgType) || 'webchat'),
    ts: quoted?.at ?? 0,
    msg: quote.text,
    attach: quote.attach,
    fromD: nameOf(world, by),
    ttl: 0,
  }
}
