import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { z } from 'zod'
import { findGaps, findUnsafe, type Gap, isExact, type Locked, readLock } from './lock-gaps.ts'
import { platformOf } from './platform-of.ts'

/** What a registry knows about one version. */
const Published = z.object({
  version: z.string(),
  os: z.union([z.string(), z.array(z.string())]).optional(),
  cpu: z.union([z.string(), z.array(z.string())]).optional(),
  libc: z.union([z.string(), z.array(z.string())]).optional(),
  'dist.integrity': z.string().optional(),
})
type Published = z.infer<typeof Published>

const file = new URL('../package-lock.json', import.meta.url)
const lock = readLock(await readFile(file, 'utf8'))
const gaps = findGaps(lock)
for (const gap of gaps) lock.packages[gap.place] = await entryFor(gap)
for (const entry of Object.values(lock.packages)) if (!entry.link) delete entry.resolved
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')))
await writeFile(file, `${JSON.stringify(lock, null, 2)}\n`)

console.log(gaps.length === 0 ? 'the lock was complete' : `${gaps.length} entries added to the lock`)
for (const problem of findUnsafe(lock)) {
  console.error(problem)
  process.exitCode = 1
}

/** As npm would have written it. Without a registry that serves the package, its name says what it is for. */
async function entryFor({ name, wanted, dependent }: Gap): Promise<Locked> {
  const published = await ask(`${name}@${wanted}`)
  if (published === null && !isExact(wanted)) {
    throw new Error(`the lock lacks ${name}, of which ${wanted} is wanted, and no registry can be asked which that is`)
  }
  const guess = platformOf(name)
  return {
    version: published?.version ?? wanted,
    ...(published?.['dist.integrity'] && { integrity: published['dist.integrity'] }),
    cpu: published?.cpu ?? guess.cpu,
    ...(dependent.dev && { dev: true }),
    ...(dependent.devOptional && { devOptional: true }),
    libc: published?.libc ?? guess.libc,
    optional: true,
    os: published?.os ?? guess.os,
  }
}

async function ask(spec: string): Promise<Published | null> {
  const args = ['view', spec, 'version', 'os', 'cpu', 'libc', 'dist.integrity', '--json']
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  try {
    const { stdout } = await promisify(execFile)(npm, args, { shell: process.platform === 'win32' })
    const answer: unknown = JSON.parse(stdout)
    return Published.parse(Array.isArray(answer) ? answer.at(-1) : answer)
  } catch {
    return null // not served, or no network: the caller knows what to do without
  }
}
