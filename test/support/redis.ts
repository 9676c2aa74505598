import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from './free-port.ts'

export interface TestRedis {
  readonly url: string
  /** Ends as in a power cut: what it held is gone. */
  kill(): Promise<void>
  /** Starts again, empty, at the same address. */
  start(): Promise<void>
  stop(): Promise<void>
}

/** A redis-server of its own on a free port; nothing is written to disk. `settings` are lines of redis.conf. */
export async function startRedis(settings: Readonly<Record<string, string>> = {}): Promise<TestRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'danhoi-redis-'))
  const port = await freePort()
  const args = Object.entries({ port: String(port), bind: '127.0.0.1', save: '', appendonly: 'no', dir, ...settings })
  let server: ChildProcess | null = null

  const start = async (): Promise<void> => {
    server = await spawnServer(args.flatMap(([key, value]) => [`--${key}`, value]))
  }
  const kill = async (): Promise<void> => {
    if (server === null || server.exitCode !== null || server.signalCode !== null) return
    const exited = once(server, 'exit')
    server.kill('SIGKILL')
    await exited
  }
  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    start,
    stop: async () => {
      await kill()
      await rm(dir, { recursive: true })
    },
  }
}

async function spawnServer(args: readonly string[]): Promise<ChildProcess> {
  const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const endWithUs = (): boolean => server.kill('SIGKILL')
  process.once('exit', endWithUs)
  server.once('exit', () => process.off('exit', endWithUs))
  const lines: string[] = []
  await new Promise<void>((resolve, reject) => {
    server.once('error', () =>
      reject(
        new Error('redis-server is not on the PATH: "apt-get install redis-server" (Debian) or "brew install redis"'),
      ),
    )
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${lines.slice(-3).join(' | ')}`)))
    createInterface({ input: server.stdout }).on('line', (line) => {
      lines.push(line)
      if (line.includes('Ready to accept connections')) resolve()
    })
  })
  return server
}
