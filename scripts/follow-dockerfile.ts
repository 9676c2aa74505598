import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, chmod, copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, delimiter, dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { flagsOf, type Instruction, readDockerfile, type Stage, wordsOf } from './dockerfile.ts'
import { readLock } from './lock-gaps.ts'

/**
 * Does what Dockerfile says, without Docker: each stage is a folder, absolute paths lead into it, RUN runs in a shell of
 * this machine, and what CMD names is started as the image's user with nothing but the image's environment. What this
 * cannot show: the base image itself (this machine's Node and C library take its place) and the limits of a container.
 */
export interface FollowOptions {
  readonly root: string
  /** `installed` copies the production packages of this clone instead of asking a registry for them. */
  readonly packages: 'npm-ci' | 'installed'
  readonly say: (line: string) => void
}

/** What the started image showed. */
export interface Followed {
  readonly user: string
  readonly ready: unknown
  readonly ledger: string
  readonly exitCode: number | null
  /** PostgreSQL went away with the program. */
  readonly isDatabaseStopped: boolean
}

interface Image {
  workdir: string
  env: Record<string, string>
  user: { uid: number; gid: number } | null
  healthcheck: string[]
  command: string[]
}

const PATIENCE_MS = 120_000

export async function followDockerfile({ root, packages, say }: FollowOptions): Promise<Followed> {
  const folder = await mkdtemp(join(tmpdir(), 'danhoi-image-'))
  try {
    await chmod(folder, 0o755) // the image's user has to get in
    await mkdir(join(folder, 'bin'))
    await copyFile(process.execPath, join(folder, 'bin', 'node'))
    const stages = readDockerfile(await readFile(join(root, 'Dockerfile'), 'utf8'))
    let image: Image | null = null
    for (const stage of stages) image = await follow(stage, { root, folder, packages, say })
    if (image === null) throw new Error('expected a Dockerfile with at least one stage')
    return await tryOut(image, placeOf(folder, stages.at(-1)), folder, say)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface Room extends FollowOptions {
  readonly folder: string
}

function placeOf(folder: string, stage: Pick<Stage, 'name'> | undefined): string {
  return join(folder, stage?.name ?? 'image')
}

async function follow(stage: Stage, room: Room): Promise<Image> {
  const major = process.versions.node.split('.')[0]
  if (!stage.base.startsWith(`node:${major}-`))
    throw new Error(`expected a base with Node ${major}, which runs this, got ${stage.base}`)
  const place = placeOf(room.folder, stage)
  await mkdir(place)
  const image: Image = { workdir: '/', env: {}, user: null, healthcheck: [], command: [] }
  for (const instruction of stage.instructions) {
    room.say(`${instruction.keyword} ${instruction.rest}`)
    await step(instruction, image, place, room)
  }
  return image
}

async function step({ keyword, rest }: Instruction, image: Image, place: string, room: Room): Promise<void> {
  switch (keyword) {
    case 'WORKDIR':
      image.workdir = rest
      await mkdir(join(place, rest), { recursive: true })
      return
    case 'COPY':
      return copy(rest, image, place, room)
    case 'RUN':
      return run(rest, image, place, room)
    case 'ENV':
      for (const [, name = '', value = ''] of rest.matchAll(/(\w+)=(\S+)/g))
        image.env[name] = value.startsWith('/') ? join(place, value) : value
      return
    case 'USER': {
      const [uid = 0, gid = 0] = rest.split(':').map(Number)
      image.user = { uid, gid }
      return
    }
    case 'HEALTHCHECK':
      image.healthcheck = wordsOf(flagsOf(rest).after.replace(/^CMD\s+/, ''))
      return
    case 'CMD':
      image.command = wordsOf(rest)
      return
    case 'VOLUME':
    case 'EXPOSE':
      return
    default:
      throw new Error(`${keyword} cannot be followed: teach scripts/follow-dockerfile.ts what it means`)
  }
}

async function copy(rest: string, image: Image, place: string, room: Room): Promise<void> {
  const { flags, words } = flagsOf(rest)
  const target = join(place, image.workdir, words.at(-1) ?? '')
  const from = flags.get('from')
  const allowed = from === undefined ? await contextOf(room.root) : null
  for (const source of words.slice(0, -1)) {
    if (allowed !== null && !allowed.has(source.split('/')[0] ?? ''))
      throw new Error(`.dockerignore hides ${source}, which COPY wants`)
    const origin = from === undefined ? join(room.root, source) : join(placeOf(room.folder, { name: from }), source)
    const isFolder = words.at(-1)?.endsWith('/') === true
    const into = isFolder ? join(target, basename(source)) : target
    await (from === undefined ? copyTree(origin, into) : linkTree(origin, into))
  }
}

/** The names at the top that .dockerignore lets through; it is written as "nothing but these". */
export async function contextOf(root: string): Promise<ReadonlySet<string>> {
  const lines = (await readFile(join(root, '.dockerignore'), 'utf8')).split('\n')
  const [first, ...others] = lines.filter((line) => line !== '' && !line.startsWith('#'))
  const names = others.map((line) => /^!([\w.-]+)$/.exec(line)?.[1])
  if (first !== '*' || names.includes(undefined))
    throw new Error('expected .dockerignore to be "*" and lines like "!src"')
  return new Set(names.flatMap((name) => name ?? []))
}

async function run(command: string, image: Image, place: string, room: Room): Promise<void> {
  const install = 'npm ci --omit=dev'
  const isInstall = command.includes(install)
  if (isInstall && room.packages === 'installed') await copyInstalled(room.root, join(place, image.workdir))
  const followed = (isInstall && room.packages === 'installed' ? command.replace(install, 'true') : command)
    .replace(/(?<=\s)\/(?=\w)/g, `${place}/`)
    // only root may give files away; anybody else keeps them and goes on as the user they are
    .replace(isRoot() ? /$^/ : /\bchown\b/, ':')
  await carryOut('/bin/sh', ['-e', '-c', followed], {
    cwd: join(place, image.workdir),
    env: { ...process.env, ...image.env, PATH: `${join(room.folder, 'bin')}${delimiter}${process.env.PATH}` },
  })
}

/** Packages by hard links where the disk allows: thousands of files that no step changes. */
async function linkTree(from: string, to: string): Promise<void> {
  const child = spawn('cp', ['-al', from, to], { stdio: 'ignore' })
  const [code] = await once(child, 'exit')
  if (code === 0) return
  await rm(to, { recursive: true, force: true })
  await copyTree(from, to)
}

function copyTree(from: string, to: string): Promise<void> {
  return carryOut('cp', ['-RPp', from, to])
}

async function carryOut(program: string, args: readonly string[], options: SpawnOptions = {}): Promise<void> {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'inherit', 'inherit'] })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${args.join(' ')}`)
}

/** The packages of this clone that `npm ci --omit=dev` would install, taken from its lock. */
async function copyInstalled(root: string, into: string): Promise<void> {
  const { packages } = readLock(await readFile(join(root, 'package-lock.json'), 'utf8'))
  for (const [path, { dev, devOptional }] of Object.entries(packages)) {
    const isInsideAnother = path.lastIndexOf('node_modules/') > 0 // comes with it
    const isNode = /^node_modules\/node-(linux|darwin|win|bin)-/.test(path) // 190 MB that the image throws away again
    if (path === '' || dev || devOptional || isInsideAnother || isNode || !(await isThere(join(root, path)))) continue
    await mkdir(dirname(join(into, path)), { recursive: true })
    await linkTree(join(root, path), join(into, path))
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function tryOut(image: Image, place: string, folder: string, say: (line: string) => void): Promise<Followed> {
  const port = await freePort()
  const env = { PATH: `${join(folder, 'bin')}${delimiter}/usr/bin${delimiter}/bin`, ...image.env, PORT: String(port) }
  const start = (words: readonly string[], output: 'ignore' | 'inherit' | 'pipe'): ChildProcess =>
    spawn(words[0] ?? '', words.slice(1), {
      cwd: join(place, image.workdir),
      env,
      stdio: ['ignore', output, 'inherit'],
      ...(isRoot() && image.user !== null ? image.user : {}),
    })
  const user = isRoot() ? `${image.user?.uid}` : `${process.getuid?.()}, who runs this`
  say(`started as user ${user} on port ${port}`)
  const program = start(image.command, 'ignore')
  const ended = once(program, 'exit')
  try {
    await untilHealthy(program, () => start(image.healthcheck, 'ignore'))
    say('healthy')
    const response = await fetch(`http://127.0.0.1:${port}/health/ready`)
    const ready: unknown = await response.json()
    const ledger = await outputOf(start([image.command[0] ?? '', 'src/cli.ts', 'ledger'], 'pipe'))
    program.kill('SIGTERM')
    const [exitCode] = await ended
    say(`stopped with ${exitCode}`)
    const pidFile = join(image.env.DATA_DIR ?? place, 'postgres', 'postmaster.pid')
    return { user, ready, ledger, exitCode, isDatabaseStopped: !(await isThere(pidFile)) }
  } finally {
    if (program.exitCode === null && program.kill('SIGTERM')) await ended
  }
}

async function untilHealthy(program: ChildProcess, check: () => ChildProcess): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    if (program.exitCode !== null) throw new Error(`the program ended with ${program.exitCode} before it was healthy`)
    const [code] = await once(check(), 'exit')
    if (code === 0) return
    if (performance.now() > deadline) throw new Error('the health check never succeeded')
    await wait(250)
  }
}

async function outputOf(child: ChildProcess): Promise<string> {
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`a command ended with ${code}`)
  return output.trim()
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

function isRoot(): boolean {
  return process.getuid?.() === 0
}

if (import.meta.main) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)))
  const packages = process.argv.includes('--installed') ? 'installed' : 'npm-ci'
  const followed = await followDockerfile({ root, packages, say: (line) => console.log(line) })
  console.log(JSON.stringify(followed, null, 2))
  const { exitCode, isDatabaseStopped } = followed
  if (exitCode !== 0 || !isDatabaseStopped) process.exitCode = 1
}
