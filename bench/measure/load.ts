import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { percentile } from './statistics.ts'

/** What came of sending a number of requests as fast as the server took them. */
export interface Load {
  readonly acknowledged: number
  /** Answered with another status than 200. */
  readonly refused: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** How much of one core the sending itself took: near 1 it is the generator that is measured. */
  readonly senderShare: number
}

const CONNECTIONS = 50
const PATIENCE_MS = 120_000

/** Sends every request once over keep-alive connections, on each the next one when the last is answered. */
export async function sendAll(url: string, requests: readonly Buffer[]): Promise<Load> {
  const { hostname, port } = new URL(url)
  const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, () => open(hostname, Number(port))))
  const latencies: number[] = []
  let next = 0
  let refused = 0
  const timer = setTimeout(() => {
    for (const socket of sockets) socket.destroy(new Error(`no answer from ${url} in ${PATIENCE_MS} ms`))
  }, PATIENCE_MS)
  const cpu = process.cpuUsage()
  const began = performance.now()
  try {
    await Promise.all(
      sockets.map((socket) =>
        converse(
          socket,
          () => requests[next++],
          (status, ms) => {
            if (status !== 200) refused += 1
            latencies.push(ms)
          },
        ),
      ),
    )
  } finally {
    clearTimeout(timer)
    for (const socket of sockets) socket.destroy()
  }
  const ms = performance.now() - began
  const { user, system } = process.cpuUsage(cpu)
  return {
    acknowledged: latencies.length - refused,
    refused,
    perSecond: (latencies.length / ms) * 1_000,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    senderShare: (user + system) / 1_000 / ms,
  }
}

async function open(host: string, port: number): Promise<Socket> {
  const socket = connect({ host, port, noDelay: true })
  await once(socket, 'connect')
  return socket
}

/** One connection: writes a request, waits for the whole answer, until there are none left. */
function converse(
  socket: Socket,
  next: () => Buffer | undefined,
  answered: (status: number, ms: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let sentAt = 0
    let seen = ''
    const send = (): void => {
      const request = next()
      sentAt = performance.now()
      if (request === undefined) resolve()
      else socket.write(request)
    }
    socket.on('data', (chunk) => {
      seen += chunk.toString('latin1')
      const end = endOfAnswer(seen)
      if (end === null || seen.length < end) return
      answered(Number(seen.slice(9, 12)), performance.now() - sentAt)
      seen = ''
      send()
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the server closed a connection that was in use')))
    send()
  })
}

/** Where an answer with a known length ends; null while its head is incomplete. */
function endOfAnswer(seen: string): number | null {
  const head = seen.indexOf('\r\n\r\n')
  if (head === -1) return null
  const length = /\r\ncontent-length: (\d+)/i.exec(seen)?.[1]
  if (length === undefined) throw new Error('expected an answer with a content-length')
  return head + 4 + Number(length)
}
