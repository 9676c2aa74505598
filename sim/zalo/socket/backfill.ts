import { bodyOf, elementFor } from '../wire/elements.ts'
import { cmd, type Frame } from '../wire/frames.ts'
import type { SimEvent } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { type Connection, pushJson } from './connection.ts'

/** Answers a request for old messages or reactions; false when the frame is no such request. */
export function answerBackfill(world: World, to: Connection, frame: Frame): boolean {
  const wanted = requests.get(frame.cmd)
  if (!wanted || frame.sub !== 1) return false
  const lastId = world.settings.ignoreLastId ? 0 : lastIdOf(frame.body)
  const events = history(world, to.uid, lastId).filter(
    (event) => 'group' in event.thread === wanted.isGroup && (event.what === 'reaction') === wanted.reactions,
  )
  const elements = events.map((event) => elementOf(world, event, to.uid))
  pushJson(world, to, frame.cmd, 1, bodyOf(frame.cmd, wanted.list, elements, { more: 0 }))
  const detail = `${frame.cmd} after ${lastId}: ${events.length}`
  world.write({ what: 'socket', account: to.uid, step: 'backfill', detail })
  return true
}

const requests = new Map([
  [cmd.oldDirect, { isGroup: false, reactions: false, list: 'msgs' }],
  [cmd.oldGroup, { isGroup: true, reactions: false, list: 'groupMsgs' }],
  [cmd.oldDirectReactions, { isGroup: false, reactions: true, list: 'reacts' }],
  [cmd.oldGroupReactions, { isGroup: true, reactions: true, list: 'reactGroups' }],
] as [number, { isGroup: boolean; reactions: boolean; list: string }][])

// Own messages and undos are among them, threads of one kind are mixed, as the library's users see it.
function history(world: World, uid: string, lastId: number): SimEvent[] {
  const from = world.settings.historySurvivesLogin ? 0 : (world.data.accounts.get(uid)?.historyFrom ?? 0)
  const found: SimEvent[] = []
  for (const id of world.data.inboxes.get(uid) ?? []) {
    const event = world.data.events.get(id)
    if (event && Number(id) > Math.max(lastId, from)) found.push(event)
  }
  return found
}

// Live, the library parses a reaction's content from a JSON string; in the old ones it takes what comes.
function elementOf(world: World, event: SimEvent, uid: string): Record<string, unknown> {
  const element = elementFor(world, event, uid)
  if (event.what === 'reaction') element.content = JSON.parse(String(element.content))
  return element
}

function lastIdOf(body: string): number {
  try {
    const asked: unknown = JSON.parse(body)
    if (typeof asked !== 'object' || asked === null || !('lastId' in asked)) return 0
    const lastId = Number(asked.lastId ?? 0)
    return Number.isFinite(lastId) ? lastId : 0
  } catch {
    return 0
  }
}
