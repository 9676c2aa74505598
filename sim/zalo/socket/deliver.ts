import type { SealKind } from '../wire/crypto.ts'
import { bodyOf, channelOf, elementFor } from '../wire/elements.ts'
import { cmd, encodeFrame } from '../wire/frames.ts'
import { type DeliveryFault, strike } from '../world/faults.ts'
import { fitsDelivery } from '../world/happen.ts'
import type { SimEvent } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { type Connection, push, pushJson } from './connection.ts'

interface Held {
  how: 'pair' | 'reorder'
  event: SimEvent
  kind: SealKind | null
  timer: NodeJS.Timeout
}

const heldBy = new WeakMap<Connection, Held>()

/** Brings one event to one socket, by way of whatever fault is due. */
export function deliver(world: World, to: Connection, event: SimEvent, kind: SealKind | null): boolean {
  if (to.halfOpen || to.socket.readyState !== to.socket.OPEN) return false
  const fits = (rule: DeliveryFault): boolean => rule.do !== 'vanish' && fitsDelivery(rule, event, to.uid)
  const fault = strike(world.faults.deliveries, world.faults.random, fits)
  if (fault) world.write({ what: 'fault', fault: fault.do, account: to.uid, detail: event.id })
  switch (fault?.do) {
    case 'lose':
      return false
    case 'malformed':
      push(to, encodeFrame(channelOf(event).cmd, 0, '{"encrypt":2,"data":'))
      return false
    case 'broken-element':
      sendAll(world, to, [event], kind, { broken: true })
      return false
    case 'cmd551':
      pushJson(world, to, cmd.unknown, 0, bodyOf(cmd.direct, 'msgs', [elementFor(world, event, to.uid)]), kind)
      return false
    case 'delay':
      setTimeout(() => release(world, to, event, kind), fault.delayMs).unref()
      return true
    case 'pair':
    case 'reorder':
      flush(world, to)
      hold(world, to, event, kind, fault.do)
      return true
    case 'duplicate':
      release(world, to, event, kind)
      return release(world, to, event, kind)
    default:
      return release(world, to, event, kind)
  }
}

function hold(world: World, to: Connection, event: SimEvent, kind: SealKind | null, how: Held['how']): void {
  // Never for ever: without a next message the held one still arrives.
  const timer = setTimeout(() => flush(world, to), world.settings.holdMs).unref()
  heldBy.set(to, { how, event, kind, timer })
}

function release(world: World, to: Connection, event: SimEvent, kind: SealKind | null): boolean {
  const held = heldBy.get(to)
  if (!held) return sendAll(world, to, [event], kind)
  const isSameList = channelOf(held.event).list === channelOf(event).list
  if (held.how === 'pair' && isSameList) {
    forget(to, held)
    return sendAll(world, to, [held.event, event], kind)
  }
  const sent = sendAll(world, to, [event], kind)
  flush(world, to)
  return sent
}

function flush(world: World, to: Connection): void {
  const held = heldBy.get(to)
  if (!held) return
  forget(to, held)
  sendAll(world, to, [held.event], held.kind)
}

function forget(to: Connection, held: Held): void {
  clearTimeout(held.timer)
  heldBy.delete(to)
}

function sendAll(
  world: World,
  to: Connection,
  events: readonly SimEvent[],
  kind: SealKind | null,
  { broken = false } = {},
): boolean {
  const [first] = events
  if (!first) return false
  const { cmd: command, list } = channelOf(first)
  const elements: unknown[] = events.map((event) => elementFor(world, event, to.uid))
  // The library reads `.content` of each element in turn and gives the frame up at the first that has none.
  if (broken) elements.unshift(null)
  return pushJson(world, to, command, 0, bodyOf(command, list, elements), kind)
}
