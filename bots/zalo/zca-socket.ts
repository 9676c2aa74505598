import { EventEmitter } from 'node:events'

/** Commands zca-js has a meaning for, the answer to a ping among them. */
const known = new Set([1, 2, 501, 502, 510, 511, 521, 522, 601, 602, 610, 611, 612, 3000])
const direct = 501
const directToo = 551

interface FrameWatch {
  pong(): void
  unknownCommand(cmd: number): void
  failed(error: unknown): void
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
    try {
      await Reflect.apply(handler, ws, [{ data: readable(data, watch) }])
    } catch (error) {
      watch.failed(error)
    }
  }
  Reflect.set(ws, 'onmessage', ({ data }: { data: unknown }) => void read(data))
  ws.on('pong', () => watch.pong())
  return true
}

/** The frame as the library can read it. */
function readable(data: unknown, watch: FrameWatch): unknown {
  if (!Buffer.isBuffer(data) || data.length < 4) return data
  const cmd = data.readUInt16LE(1)
  if (known.has(cmd)) return data
  watch.unknownCommand(cmd)
  if (cmd !== directToo) return data
  // 551 carries messages between two people for some accounts and is dropped by zca-js 2.2.0 (its pull request 378);
  // the same frame under the command it knows is read like any other.
  const renamed = Buffer.from(data)
  renamed.writeUInt16LE(direct, 1)
  return renamed
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
