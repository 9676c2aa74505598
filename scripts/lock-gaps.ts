import { z } from 'zod'

const Locked = z.looseObject({
  version: z.string().optional(),
  resolved: z.string().optional(),
  link: z.boolean().optional(),
  integrity: z.string().optional(),
  dev: z.boolean().optional(),
  devOptional: z.boolean().optional(),
  optional: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
})
export type Locked = z.infer<typeof Locked>

const Lock = z.looseObject({ packages: z.record(z.string(), Locked) })
export type Lock = z.infer<typeof Lock>

/** The lock as npm wrote it: the checked value itself, so that the order of its keys stays npm's. */
export function readLock(text: string): Lock {
  const lock: unknown = JSON.parse(text)
  if (isLock(lock)) return lock
  throw new Error('package-lock.json is not a lock that npm 7 or newer wrote')
}

/** An optional dependency that some package of the lock wants and that the lock does not have. */
export interface Gap {
  /** Where its entry belongs, such as `node_modules/@scope/name`. */
  readonly place: string
  readonly name: string
  /** What its dependent asks for: an exact version, for packages that hold the binaries of one platform. */
  readonly wanted: string
  readonly dependent: Locked
}

/**
 * `npm install` writes no entry for a platform package that its registry does not serve, and then `npm ci` refuses the
 * lock, on every machine. Each such hole is a gap.
 */
export function findGaps({ packages }: Lock): Gap[] {
  const gaps = new Map<string, Gap>()
  for (const [path, dependent] of Object.entries(packages)) {
    for (const [name, wanted] of Object.entries(dependent.optionalDependencies ?? {})) {
      const found = resolve(packages, path, name)
      if (found !== null && satisfies(packages[found], wanted)) continue
      const place = found === `node_modules/${name}` ? inside(path, name) : `node_modules/${name}`
      gaps.set(place, { place, name, wanted, dependent })
    }
  }
  return [...gaps.values()]
}

/** Entries that npm cannot verify although they could have been installed here, and those that name a host. */
export function findUnsafe({ packages }: Lock): string[] {
  const problems: string[] = []
  for (const [path, entry] of Object.entries(packages)) {
    if (path === '' || entry.link) continue
    if (entry.resolved !== undefined) problems.push(`${path} says where it was downloaded from`)
    if (entry.integrity === undefined && !entry.optional) problems.push(`${path} has no integrity`)
  }
  return problems
}

/** Node's own way: the nearest node_modules upwards. */
function resolve(packages: Lock['packages'], from: string, name: string): string | null {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const place = inside(folder, name)
    if (packages[place] !== undefined) return place
    if (folder === '') return null
  }
}

function inside(folder: string, name: string): string {
  return `${folder === '' ? '' : `${folder}/`}node_modules/${name}`
}

/** Ranges are left to npm; packages that belong to one version of their dependent are asked for exactly. */
function satisfies(found: Locked | undefined, wanted: string): boolean {
  return !isExact(wanted) || found?.version === wanted
}

export function isExact(wanted: string): boolean {
  return /^\d+\.\d+\.\d+(-[\w.-]+)?$/.test(wanted)
}

function isLock(value: unknown): value is Lock {
  return Lock.safeParse(value).success
}
