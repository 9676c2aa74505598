import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { Socket } from 'node:net'
import { RefusedError } from '../../src/lib/errors.ts'
import { isZaloHost } from './fetch.ts'

/** The agent zca-js opens its websocket with, and what it lets us see and do below the websocket. */
export interface SocketAgent {
  readonly agent: HttpAgent
  /** Bytes received on the present connection, pongs included; 0 while there is none. */
  bytesRead(): number
  /** Cuts the connection without a word: the library then sees 1006. */
  cut(): void
}

/** Connects to Zalo's hosts alone, or to the simulator alone, and holds on to the TCP connection. */
export function socketAgent(simUrl: string | null): SocketAgent {
  const simHost = simUrl === null ? null : new URL(simUrl).host
  const agent = simUrl === null ? new HttpsAgent() : new HttpAgent()
  let present: Socket | null = null
  const open = agent.createConnection.bind(agent)
  agent.createConnection = (options, callback) => {
    const host = options.host ?? ''
    const isAllowed = simHost === null ? isZaloHost(host) : `${host}:${options.port}` === simHost
    if (!isAllowed) throw new RefusedError(`expected a socket to Zalo, got one to "${host}"`)
    const connection = open(options, callback)
    if (connection instanceof Socket) {
      connection.setKeepAlive(true)
      present = connection
    }
    return connection
  }
  return {
    agent,
    bytesRead: () => present?.bytesRead ?? 0,
    cut: () => present?.destroy(),
  }
}
