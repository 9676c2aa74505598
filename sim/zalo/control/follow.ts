import type { IncomingMessage, ServerResponse } from 'node:http'
import type { LogEntry } from '../world/log.ts'
import { threadKey, type World } from '../world/world.ts'

const followers = new WeakMap<World, Set<(entry: LogEntry) => void>>()
const heartbeatMs = 15_000

/** Server-sent events: which conversation changed, so that a page fetches it again. `person` limits them to a phone. */
export function follow(world: World, query: URLSearchParams, request: IncomingMessage, response: ServerResponse): void {
  const person = query.get('person')
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no', // a proxy that buffers would hold every event back
  })
  response.write(': ready\n\n')
  const stop = onLog(world, (entry) => {
    if (!('thread' in entry) || !concerns(world, entry, person)) return
    response.write(`data: ${JSON.stringify({ seq: entry.seq, what: entry.what, thread: threadKey(entry.thread) })}\n\n`)
  })
  const beat = setInterval(() => response.write(': still here\n\n'), heartbeatMs).unref()
  request.on('close', () => {
    clearInterval(beat)
    stop()
  })
}

/** Calls back for every fact from now on; returns how to stop. */
export function onLog(world: World, tell: (entry: LogEntry) => void): () => void {
  const all = followers.get(world) ?? new Set()
  followers.set(world, all.add(tell))
  return () => void all.delete(tell)
}

export function tellFollowers(world: World, entry: LogEntry): void {
  // Later, so that whoever is told finds the fact's consequences in place.
  for (const tell of followers.get(world) ?? []) setImmediate(tell, entry)
}

function concerns(world: World, entry: LogEntry & { thread: object }, person: string | null): boolean {
  if (person === null) return true
  const { thread } = entry
  if ('group' in thread) return world.data.groups.get(String(thread.group))?.members.includes(person) ?? false
  return 'person' in thread && thread.person === person
}
