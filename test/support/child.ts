import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The whole product as a process of its own, which can be killed. */
export interface Child {
  readonly pid: number
  /** Resolves when the program says that it has started, or with false when it ended before that. */
  readonly started: Promise<boolean>
  readonly ended: Promise<ChildEnd>
  /** Null while it runs. */
  readonly end: ChildEnd | null
  /** The last lines of its log, for whoever has to explain a red run. */
  readonly lastLines: () => readonly string[]
  /** As in a power cut. */
  kill(): Promise<ChildEnd>
  /** As an operator does it. */
  stop(): Promise<ChildEnd>
}

interface ChildEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const keptLines = 400

/** Starts `node <program>` (the product itself unless told otherwise) with this environment and nothing of our own. */
export function spawnChild(
  env: Readonly<Record<string, string>>,
  { program = 'src/main.ts', args = [] }: { program?: string; args?: readonly string[] } = {},
): Child {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const endWithUs = (): boolean => child.kill('SIGKILL')
  process.once('exit', endWithUs)

  const lines: string[] = []
  const start = Promise.withResolvers<boolean>()
  const read = (line: string): void => {
    lines.push(line)
    if (lines.length > keptLines) lines.shift()
    if (line.includes('"msg":"started"')) start.resolve(true)
  }
  createInterface({ input: child.stdout }).on('line', read)
  createInterface({ input: child.stderr }).on('line', read)

  const ended = once(child, 'close').then(() => {
    process.off('exit', endWithUs)
    start.resolve(false)
    return { code: child.exitCode, signal: child.signalCode }
  })
  const send = (signal: NodeJS.Signals): Promise<ChildEnd> => {
    child.kill(signal)
    return ended
  }
  return {
    pid: child.pid ?? 0,
    started: start.promise,
    ended,
    get end() {
      const { exitCode: code, signalCode: signal } = child
      return code === null && signal === null ? null : { code, signal }
    },
    lastLines: () => lines,
    kill: () => send('SIGKILL'),
    stop: () => send('SIGTERM'),
  }
}
