import { expect, it } from 'vitest'
import { Lifecycle } from '../../src/lib/lifecycle.ts'

function recorded(): { lifecycle: Lifecycle; events: string[]; add: (name: string, error?: Error) => void } {
  const lifecycle = new Lifecycle()
  const events: string[] = []
  return {
    lifecycle,
    events,
    add: (name, error) =>
      lifecycle.add(name, async () => {
        events.push(name)
        if (error !== undefined) throw error
      }),
  }
}

const ignore = (): void => {}

it('what was started last is stopped first', async () => {
  const { lifecycle, events, add } = recorded()
  for (const name of ['database', 'queues', 'web server']) add(name)

  await lifecycle.stop(ignore)

  expect(events).toEqual(['web server', 'queues', 'database'])
})

it('each stop waits for the one before', async () => {
  const lifecycle = new Lifecycle()
  const gate = Promise.withResolvers<void>()
  const stopped: string[] = []
  lifecycle.add('database', () => void stopped.push('database'))
  lifecycle.add('workers', () => gate.promise)
  const stopping = lifecycle.stop(ignore)
  expect(stopped).toEqual([])

  gate.resolve()
  await stopping

  expect(stopped).toEqual(['database'])
})

it('one that fails is reported by name and keeps no other from stopping', async () => {
  const { lifecycle, events, add } = recorded()
  const broken = new Error('port vanished')
  add('database')
  add('web server', broken)
  const reported: unknown[] = []

  await lifecycle.stop((name, error) => reported.push([name, error]))

  expect(events).toEqual(['web server', 'database'])
  expect(reported).toEqual([['web server', broken]])
})

it('stopping twice stops everything once', async () => {
  const { lifecycle, events, add } = recorded()
  add('database')

  await lifecycle.stop(ignore)
  await lifecycle.stop(ignore)

  expect(events).toEqual(['database'])
})

it('what is added after a stop belongs to the next one', async () => {
  const { lifecycle, events, add } = recorded()
  await lifecycle.stop(ignore)
  add('queues')

  await lifecycle.stop(ignore)

  expect(events).toEqual(['queues'])
})
