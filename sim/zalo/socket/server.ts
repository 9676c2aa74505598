import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { sessionOf } from '../http/session.ts'
import type { SealKind } from '../wire/crypto.ts'
import { bodyOf } from '../wire/elements.ts'
import { cmd, decodeFrame, encodeFrame } from '../wire/frames.ts'
import type { Line, World } from '../world/world.ts'
import { answerBackfill } from './backfill.ts'
import { type Connection, greet, newConnection, push, pushJson } from './connection.ts'
import { deliver } from './deliver.ts'

/** All open sockets, and what can be done to them. */
export interface Sockets extends Line {
  list(): { uid: string; halfOpen: boolean; pings: number; openedAt: number }[]
  /** Nothing passes any more, nobody is told. */
  drop(uid: string): boolean
  /** The connection breaks: the client sees 1006. */
  terminate(uid: string): boolean
  close(uid: string, code: number): boolean
  /** Frame 3000: the client closes itself. */
  evict(uid: string): boolean
  pushText(uid: string, frame: { cmd: number; sub?: number; text: string; kind?: SealKind }): boolean
  pushBytes(uid: string, bytes: Buffer): boolean
  /** Bytes below the websocket, which no websocket can mean: the client gives the connection up. */
  garble(uid: string): boolean
  stop(): void
}

/** Serves /ws1: one live socket per account, the newest wins. */
export function serveSockets(server: Server, world: World): Sockets {
  const wss = new WebSocketServer({ noServer: true })
  const live = new Map<string, Connection>()
  const onLive = (uid: string, act: (connection: Connection) => void): boolean => {
    const connection = live.get(uid)
    if (connection) act(connection)
    return connection !== undefined
  }

  server.on('upgrade', (request, socket, head) => {
    if (!request.url?.startsWith('/ws1')) return socket.destroy()
    wss.handleUpgrade(request, socket, head, (ws) => welcome(world, live, ws, request, socket))
  })

  return {
    deliver: (uid, event, kind) => {
      const to = live.get(uid)
      return to !== undefined && deliver(world, to, event, kind)
    },
    control: (uid, content) => {
      onLive(uid, (to) => pushJson(world, to, cmd.control, 0, bodyOf(cmd.control, 'controls', [{ content }])))
    },
    list: () => [...live.values()].map(({ uid, halfOpen, pings, openedAt }) => ({ uid, halfOpen, pings, openedAt })),
    drop: (uid) =>
      onLive(uid, (connection) => {
        connection.halfOpen = true
        connection.socket.pause() // so that not even a pong goes back
      }),
    terminate: (uid) => onLive(uid, ({ socket }) => socket.terminate()),
    close: (uid, code) => onLive(uid, ({ socket }) => socket.close(code)),
    evict: (uid) => onLive(uid, (connection) => push(connection, encodeFrame(cmd.evicted, 0, '{}'))),
    pushText: (uid, { cmd: command, sub = 0, text, kind }) =>
      onLive(uid, (to) => pushJson(world, to, command, sub, text, kind ?? null)),
    pushBytes: (uid, bytes) => onLive(uid, (to) => push(to, bytes)),
    garble: (uid) => onLive(uid, ({ below }) => below.write(Buffer.from([0xf2, 0x01, 0x00]))), // reserved bits are set
    stop: () => {
      for (const client of wss.clients) client.terminate()
      wss.close()
    },
  }
}

function welcome(
  world: World,
  live: Map<string, Connection>,
  socket: WebSocket,
  request: IncomingMessage,
  below: Duplex,
): void {
  socket.on('error', () => socket.terminate())
  const session = sessionOf(world, request)
  if (!session?.alive) {
    world.write({ what: 'socket', account: session?.account ?? null, step: 'close', detail: '3003 unknown session' })
    socket.close(3003)
    return
  }
  const uid = session.account
  const connection = newConnection(world, uid, socket, below)
  const older = live.get(uid)
  if (older) push(older, encodeFrame(cmd.evicted, 0, '{}'))
  live.set(uid, connection)
  socket.on('message', (data, isBinary) => {
    if (isBinary && Buffer.isBuffer(data)) receive(world, connection, data)
  })
  socket.on('close', (code) => {
    if (live.get(uid) === connection) live.delete(uid)
    world.write({ what: 'socket', account: uid, step: 'close', detail: String(code) })
  })
  world.write({ what: 'socket', account: uid, step: 'open', detail: older ? 'in place of an older one' : '' })
  const { keyDelayMs } = world.settings
  if (keyDelayMs === 0) greet(connection)
  else setTimeout(() => greet(connection), keyDelayMs).unref()
}

function receive(world: World, from: Connection, data: Buffer): void {
  const frame = decodeFrame(data)
  if (!frame || from.halfOpen) return
  if (frame.cmd === cmd.ping) from.pings += 1
  else answerBackfill(world, from, frame)
}
