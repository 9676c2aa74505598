import type { SealKind } from '../wire/crypto.ts'
import { strike } from './faults.ts'
import type { Author, SimEvent, Thread } from './types.ts'
import { threadKey, type World } from './world.ts'

/** Puts an event into its thread, into the history of every account there, and on their sockets. Returns who got a frame. */
export function happen(world: World, event: SimEvent, kind: SealKind | null = null): string[] {
  world.data.events.set(event.id, event)
  append(world.data.threads, threadKey(event.thread), event.id)
  const sentTo: string[] = []
  for (const uid of accountsIn(world, event.thread)) {
    if (vanishes(world, event, uid)) continue
    append(world.data.inboxes, uid, event.id)
    if (isBy(event.by, uid) && !world.settings.echo) continue
    if (world.line.deliver(uid, event, kind)) sentTo.push(uid)
  }
  return sentTo
}

function accountsIn(world: World, thread: Thread): readonly string[] {
  if ('account' in thread) return [thread.account]
  return world.data.groups.get(thread.group)?.accounts ?? []
}

function isBy(by: Author, uid: string): boolean {
  return 'account' in by && by.account === uid
}

/** Which rule of delivery an event falls under, for one account. */
export function fitsDelivery(
  rule: { of: string; threads: string; account?: string | undefined },
  event: SimEvent,
  uid: string,
): boolean {
  if (rule.account !== undefined && rule.account !== uid) return false
  if (rule.of !== 'any' && (rule.of === 'echo') !== isBy(event.by, uid)) return false
  return rule.threads === 'any' || (rule.threads === 'group') === 'group' in event.thread
}

function vanishes(world: World, event: SimEvent, uid: string): boolean {
  const { deliveries, random } = world.faults
  if (!strike(deliveries, random, (rule) => rule.do === 'vanish' && fitsDelivery(rule, event, uid))) return false
  world.write({ what: 'fault', fault: 'vanish', account: uid, detail: event.id })
  return true
}

function append(lists: Map<string, string[]>, key: string, id: string): void {
  const list = lists.get(key)
  if (list) list.push(id)
  else lists.set(key, [id])
}
