import { describe, expect, it } from 'vitest'
import { chromium, findProgram, type Machine, planInstall, redisServer } from '../../scripts/system-packages.ts'

const debian: Machine = { hasApt: true, isRoot: true, hasSudo: false, forbidden: false }
const both = [redisServer, chromium]

describe('what is missing', () => {
  it('root on Debian installs it, after one update', () => {
    expect(planInstall(both, debian)).toEqual({
      kind: 'install',
      commands: [
        ['apt-get', 'update', '-q'],
        ['apt-get', 'install', '-q', '-y', '--no-install-recommends', 'redis-server', 'chromium'],
      ],
    })
  })

  it('whoever has sudo without a password installs it through sudo', () => {
    const plan = planInstall([chromium], { ...debian, isRoot: false, hasSudo: true })

    expect(plan).toMatchObject({ kind: 'install', commands: [['sudo', '-n', 'apt-get', 'update', '-q'], {}] })
  })

  it.each([
    ['an ordinary user', both, { ...debian, isRoot: false }, 'sudo apt-get install -y redis-server chromium'],
    ['who forbids it', both, { ...debian, forbidden: true }, 'DANHOI_INSTALL=0'],
    [
      'who forbids it',
      both,
      { ...debian, forbidden: true },
      ': apt-get update && apt-get install -y redis-server chromium',
    ],
    ['a system without apt', both, { ...debian, hasApt: false }, 'brew install redis && brew install --cask chromium'],
  ] as const)('%s is told the line to type', (_who, missing, machine, line) => {
    const plan = planInstall(missing, machine)

    expect(plan).toMatchObject({ kind: 'refuse', sentence: expect.stringContaining(line) })
  })
})

it('a program is found by any of its names, and only where it can be run', () => {
  expect(findProgram({ names: ['no-such-program', 'node'] })).toMatch(/node$/)
  expect(findProgram({ names: ['no-such-program'] })).toBeNull()
  expect(findProgram({ names: ['node'] }, '')).toBeNull()
})
