import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { armFailpoint, failpoints, step, steps } from '../../src/lib/failpoint.ts'

const program = fileURLToPath(new URL('programs/three-steps.ts', import.meta.url))

function run(failpoint: string): { signal: string | null; said: string[] } {
  const { signal, stdout } = spawnSync(process.execPath, [program, failpoint], { encoding: 'utf8' })
  return { signal, said: stdout.split('\n').filter((line) => line !== '') }
}

describe('failpoints', () => {
  it('there is one before and one after every step', () => {
    expect(failpoints).toHaveLength(steps.length * 2)
    expect(failpoints).toContain('keep-deliveries:before')
    expect(failpoints).toContain('keep-deliveries:after')
  })

  it('no step is listed twice', () => {
    expect(new Set(steps).size).toBe(steps.length)
  })

  it.each([
    '',
    'keep-deliveries',
    'keep-deliveries:during',
    'constructor',
    'no-such-step:before',
    'keep-deliveries:before#0',
    'keep-deliveries:before#2#3',
    'keep-deliveries:before#',
  ])('"%s" is none and arming it is refused with an example', (name) => {
    expect(() => armFailpoint(name)).toThrow('expected a failpoint such as "keep-deliveries:before"')
  })

  it('unarmed, a step is its work and nothing else', async () => {
    await expect(step('record-events', async () => 'opened')).resolves.toBe('opened')
  })

  it('an error inside a step comes out unchanged', async () => {
    const error = new Error('connection lost')

    await expect(step('record-events', () => Promise.reject(error))).rejects.toBe(error)
  })
})

describe('a process with an armed failpoint', () => {
  it('dies by SIGKILL before the work of that step', () => {
    expect(run('record-events:before')).toEqual({ signal: 'SIGKILL', said: ['keep-deliveries'] })
  })

  it('dies by SIGKILL when the work of that step is done, before anything follows', () => {
    expect(run('record-events:after')).toEqual({ signal: 'SIGKILL', said: ['keep-deliveries', 'record-events'] })
  })

  it('dies at the time that is asked for', () => {
    expect(run('record-events:before#1')).toEqual({ signal: 'SIGKILL', said: ['keep-deliveries'] })
    expect(run('record-events:before#2').signal).toBeNull()
  })

  it('lives when that step is never reached', () => {
    expect(run('facebook-comment:before')).toEqual({
      signal: null,
      said: ['keep-deliveries', 'record-events', 'route-case'],
    })
  })
})
