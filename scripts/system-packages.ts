import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A program that no npm package brings; `names` are what systems call it. */
export interface SystemProgram {
  readonly what: string
  readonly names: readonly string[]
  readonly aptPackage: string
  readonly brew: string
}

export const redisServer: SystemProgram = {
  what: 'redis-server',
  names: ['redis-server'],
  aptPackage: 'redis-server',
  brew: 'redis',
}

export const chromium: SystemProgram = {
  what: 'chromium',
  names: [
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  aptPackage: 'chromium',
  brew: '--cask chromium',
}

/** What decides whether packages may be installed here. */
export interface Machine {
  readonly hasApt: boolean
  readonly isRoot: boolean
  /** sudo answers without asking for a password. */
  readonly hasSudo: boolean
  readonly forbidden: boolean
}

export type Plan =
  | { readonly kind: 'install'; readonly commands: readonly (readonly [string, ...string[]])[] }
  | { readonly kind: 'refuse'; readonly sentence: string }

/** The program's full path, or null. A name with slashes is looked for where it says. */
export function findProgram(
  { names }: Pick<SystemProgram, 'names'>,
  path: string = process.env.PATH ?? '',
): string | null {
  const folders = path.split(delimiter).filter((folder) => folder !== '')
  const places = names.flatMap((name) => (name.startsWith('/') ? [name] : folders.map((folder) => join(folder, name))))
  return places.find(isExecutable) ?? null
}

/** How the missing programs can come here, or the one line a person has to type. */
export function planInstall(missing: readonly SystemProgram[], machine: Machine): Plan {
  const packages = missing.map(({ aptPackage }) => aptPackage)
  const names = missing.map(({ what }) => what).join(' and ')
  if (!machine.hasApt) {
    const brew = missing.map((program) => `brew install ${program.brew}`).join(' && ')
    return {
      kind: 'refuse',
      sentence: `Please install ${names} with the packages of your system, so that they are on the PATH (macOS: ${brew}).`,
    }
  }
  if (machine.forbidden || !(machine.isRoot || machine.hasSudo)) {
    const sudo = machine.isRoot ? '' : 'sudo '
    const line = `${sudo}apt-get update && ${sudo}apt-get install -y ${packages.join(' ')}`
    const because = machine.forbidden ? 'DANHOI_INSTALL=0 forbids to install them' : 'that needs root'
    return { kind: 'refuse', sentence: `Missing: ${names}; ${because}. Please type: ${line}` }
  }
  const apt: [string, ...string[]] = machine.isRoot ? ['apt-get'] : ['sudo', '-n', 'apt-get']
  return {
    kind: 'install',
    commands: [
      [...apt, 'update', '-q'],
      [...apt, 'install', '-q', '-y', '--no-install-recommends', ...packages],
    ],
  }
}

/** Installs what is missing where it may, saying so first. False, with the reason said, when something stays missing. */
export async function ensurePrograms(
  programs: readonly SystemProgram[],
  say: (line: string) => void,
): Promise<boolean> {
  const missing = programs.filter((program) => findProgram(program) === null)
  if (missing.length === 0) return true
  const names = missing.map(({ what }) => what).join(' and ')
  const plan = planInstall(missing, thisMachine())
  if (plan.kind === 'refuse') {
    say(plan.sentence)
    return false
  }
  for (const [command, ...args] of plan.commands) {
    say(`Missing: ${names}. Running: ${[command, ...args].join(' ')}`)
    if (await succeeds(command, args)) continue
    say(`That failed. Please install ${names} so that they are on the PATH, and start again.`)
    return false
  }
  const found = missing.every((program) => findProgram(program) !== null)
  if (!found) say(`Installed, but not all of it is on the PATH: ${names}.`)
  return found
}

function thisMachine(): Machine {
  const isRoot = process.getuid?.() === 0
  return {
    hasApt: findProgram({ names: ['apt-get'] }) !== null,
    isRoot,
    hasSudo: !isRoot && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0,
    forbidden: process.env.DANHOI_INSTALL === '0',
  }
}

async function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  const [code] = await once(child, 'exit')
  return code === 0
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
