import { randomBytes } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { SealKind } from '../wire/crypto.ts'
import { cmd, encodeFrame, sealedFrame } from '../wire/frames.ts'
import type { World } from '../world/world.ts'

/** One open socket of an account. Half-open: the client still believes in it, nothing passes any more. */
export interface Connection {
  uid: string
  socket: WebSocket
  /** What the websocket runs over. */
  below: Duplex
  key: Buffer
  halfOpen: boolean
  pings: number
  openedAt: number
}

export function newConnection(world: World, uid: string, socket: WebSocket, below: Duplex): Connection {
  return { uid, socket, below, key: randomBytes(16), halfOpen: false, pings: 0, openedAt: world.now() }
}

/** The first frame: the key everything after it is sealed with. */
export function greet(connection: Connection): void {
  push(connection, encodeFrame(cmd.cipherKey, 1, JSON.stringify({ key: connection.key.toString('base64') })))
}

/** Sends bytes as they are; false when the socket takes none. */
export function push(connection: Connection, bytes: Buffer): boolean {
  if (connection.halfOpen || connection.socket.readyState !== connection.socket.OPEN) return false
  connection.socket.send(bytes)
  return true
}

export function pushJson(
  world: World,
  connection: Connection,
  command: number,
  sub: number,
  json: string,
  kind: SealKind | null = null,
): boolean {
  return push(connection, sealedFrame(command, sub, json, kind ?? kindNow(world), connection.key))
}

function kindNow(world: World): SealKind {
  const { kind } = world.settings
  if (kind !== 'mixed') return kind
  const kinds = [1, 2, 3] as const // 0 damages big ids, so it is only sent when it is asked for
  return kinds[Math.floor(world.faults.random() * kinds.length)] ?? 2
}
