import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../sim/demo.ts', import.meta.url))

export interface DemoRun {
  /** The address it printed, or null when it ended without. */
  readonly ready: Promise<string | null>
  readonly ended: Promise<number | null>
  /** What it wrote for people, line by line. */
  readonly output: readonly string[]
  readonly errors: readonly string[]
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** `npm run demo` without npm, in a folder of its own. It sees of our environment what is given here, and PATH. */
export function runDemo(options: {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
}): DemoRun {
  const child = spawn(process.execPath, [program, ...(options.args ?? [])], {
    cwd: options.cwd,
    env: { PATH: process.env.PATH ?? '', PORT: '0', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const endWithUs = (): boolean => child.kill('SIGKILL')
  process.once('exit', endWithUs)
  const output: string[] = []
  const errors: string[] = []
  const ready = Promise.withResolvers<string | null>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    output.push(line)
    if (line.startsWith('Demo: ')) ready.resolve(line.slice('Demo: '.length))
  })
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line))
  const ended = once(child, 'close').then(() => {
    process.off('exit', endWithUs)
    ready.resolve(null)
    return child.exitCode
  })
  return {
    ready: ready.promise,
    ended,
    output,
    errors,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal)
      return ended
    },
  }
}
