import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Room } from './bench.ts'

export interface Program {
  readonly pid: number
  /** The address that it announced. */
  readonly url: string
  stop(): Promise<void>
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const PATIENCE_MS = 120_000
const KEPT_LINES = 20

/** Starts `node <file> …` with this environment alone and waits until a line of its output announces its address. */
export async function startProgram(
  room: Room,
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Program> {
  const { PATH = '', NODE_OPTIONS = '' } = process.env // NODE_OPTIONS=--cpu-prof also profiles the children
  const child = spawn(process.execPath, [file, ...args], {
    cwd: root,
    env: { PATH, NODE_OPTIONS, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // Ctrl-C is for us: we stop it in order
  })
  const ended = once(child, 'close')
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    child.kill('SIGCONT') // a bench may have paused it
    await ended
  }
  room.lifecycle.add(file, stop)
  const announced = Promise.withResolvers<string>()
  const lines: string[] = []
  const read = (line: string): void => {
    lines.push(line)
    if (lines.length > KEPT_LINES) lines.shift()
    const url = announcedIn(line)
    if (url !== null) announced.resolve(url)
  }
  createInterface({ input: child.stdout }).on('line', read)
  createInterface({ input: child.stderr }).on('line', read)
  const fail = (how: string): void => announced.reject(new Error(`${file} ${how}:\n${lines.join('\n')}`))
  ended.then(([code]) => fail(`ended with ${code}`), announced.reject)
  const timer = setTimeout(() => fail(`did not start in ${PATIENCE_MS} ms`), PATIENCE_MS)
  try {
    return { pid: child.pid ?? 0, url: await announced.promise, stop }
  } finally {
    clearTimeout(timer)
  }
}

/** The product says it in its log, the demo to its visitor. */
function announcedIn(line: string): string | null {
  const demo = /^Demo: (http\S+)/.exec(line)?.[1]
  if (demo !== undefined) return demo
  return line.includes('"msg":"started"') ? (/"url":"([^"]+)"/.exec(line)?.[1] ?? null) : null
}
