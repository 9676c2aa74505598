import { AsyncLocalStorage } from 'node:async_hooks'
import { EventEmitter } from 'node:events'
import type { StrangeFrame } from '../listener.ts'

/** Commands zca-js has a meaning for, the answer to a ping among them. */
const known = new Set([1, 2, 501, 502, 510, 511, 521, 522, 601, 602, 610, 611, 612, 3000])
const header = 4
const direct = 501
const directToo = 551

interface FrameWatch {
  pong(): void
  unknownCommand(cmd: number, became: StrangeFrame): void
  failed(error: unknown): void
}

/** What comes of one frame: the library reads several at once, and what it tells names none of them. */
const reading = new AsyncLocalStorage<{ events: number; failures: number }>()

/** A message was read out of the frame at hand. */
export function noteEvent(): void {
  const frame = reading.getStore()
  if (frame !== undefined) frame.events += 1
}

/** The frame at hand could not be read to its end. */
export function noteFailure(): void {
  const frame = reading.getStore()
  if (frame !== undefined) frame.failures += 1
}

/**
 * Stands between the library's websocket, which it keeps in a private field, and its handler of frames. Nothing public
 * tells of a frame whose command the library does not know, and a frame shorter than a header would end the process:
 * the handler is asynchronous and reads the header before its own try. False when the field is not what we know.
 */
export function watchFrames(listener: object, watch: FrameWatch): boolean {
  const ws = privateSocket(listener)
  const handler: unknown = ws === null ? null : Reflect.get(ws, 'onmessage')
  if (ws === null || typeof handler !== 'function') return false
  const read = async (data: unknown): Promise<void> => {
    const cmd = commandOf(data)
    const frame = { events: 0, failures: 0 }
    try {
      await reading.run(frame, () => Reflect.apply(handler, ws, [{ data: readable(data, cmd) }]))
    } catch (error) {
      frame.failures += 1
      watch.failed(error)
    }
    if (cmd === null || known.has(cmd)) return
    const isRead = frame.events > 0 && frame.failures === 0
    watch.unknownCommand(cmd, isRead ? 'read' : carries(data) ? 'unread' : 'empty')
  }
  Reflect.set(ws, 'onmessage', ({ data }: { data: unknown }) => void read(data))
  ws.on('pong', () => watch.pong())
  return true
}

/** Null for what is no whole frame. */
function commandOf(data: unknown): number | null {
  return Buffer.isBuffer(data) && data.length >= header ? data.readUInt16LE(1) : null
}

/** The frame as the library can read it. */
function readable(data: unknown, cmd: number | null): unknown {
  if (!Buffer.isBuffer(data) || cmd !== directToo) return data
  // 551 carries messages between two people for some accounts and is dropped by zca-js 2.2.0 (its pull request 378);
  // the same frame under the command it knows is read like any other.
  const renamed = Buffer.from(data)
  renamed.writeUInt16LE(direct, 1)
  return renamed
}

/** Whether there is anything in a frame, as far as one can see from outside. Zalo's are JSON, the contents in `data`. */
function carries(frame: unknown): boolean {
  if (!Buffer.isBuffer(frame) || frame.length === header) return false
  try {
    const body: unknown = JSON.parse(frame.subarray(header).toString('utf8'))
    if (typeof body !== 'object' || body === null || !('data' in body)) return false
    const { data } = body
    return typeof data === 'object' && data !== null ? Object.keys(data).length > 0 : data !== null && data !== ''
  } catch {
    return true
  }
}

/** A websocket ping, which every server must answer, unlike the library's own ping frame. */
export function pingSocket(listener: object): void {
  const ws = privateSocket(listener)
  const ping: unknown = ws === null ? null : Reflect.get(ws, 'ping')
  if (ws === null || typeof ping !== 'function') return
  try {
    Reflect.apply(ping, ws, [])
  } catch {
    // not open yet or any more; that is noticed elsewhere
  }
}

function privateSocket(listener: object): EventEmitter | null {
  const ws: unknown = Reflect.get(listener, 'ws')
  return ws instanceof EventEmitter ? ws : null
}
