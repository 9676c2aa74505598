import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { BackendAddress } from '../../queues/backend.ts'
import { type QueueName, queueNames } from '../../queues/definitions.ts'
import { openQueues, type Queues, type QueuesOptions, type WorkersOptions } from '../../queues/open.ts'
import { GiveUpError, PostponeError } from '../../queues/outcome.ts'
import type { Handler, Handlers } from '../../queues/run.ts'
import type { QueueTimings } from '../../queues/timings.ts'
import { CaseId, EventId, newId, OutboxId } from '../../src/lib/ids.ts'
import { Lane } from '../../src/lib/lane.ts'
import { createLog } from '../../src/lib/log.ts'
import { until } from '../support/until.ts'
import type { World } from './queues-world.ts'

const hourMs = 3_600_000

/** Waits long enough never to matter, except where a test says otherwise: then only a notification explains progress. */
const timings: Partial<QueueTimings> = {
  connectRetryMs: 20,
  idlePollSeconds: 3_600,
  reconnectMs: 50,
  sweepEveryMs: hourMs,
  delayGrainMs: 10,
  retryDelayScale: 0.001,
}

/** What every backend promises; the database may promise more, nothing in the house relies on it. */
export function describeQueues(name: string, openWorld: () => Promise<World>): void {
  describe(`queues on ${name}`, { timeout: 60_000 }, () => {
    let world: World
    let address: BackendAddress
    const opened: Queues[] = []
    const children: ChildProcess[] = []

    beforeAll(async () => {
      world = await openWorld()
    }, 60_000)

    afterEach(async () => {
      for (const child of children.splice(0)) child.kill('SIGKILL')
      for (const queues of opened.splice(0)) await queues.close()
    })

    afterAll(() => world.close())

    const open = async (more: Partial<QueuesOptions> & { at?: BackendAddress } = {}): Promise<Queues> => {
      address = more.at ?? (await world.fresh())
      const queues = await openQueues({
        log: silent,
        ...more,
        backend: address,
        timings: { ...timings, ...more.timings },
      })
      opened.push(queues)
      return queues
    }

    /** Starts workers of `queues`; those of other queues do nothing. */
    const work = (queues: Queues, handlers: Partial<Handlers>, options: WorkersOptions = {}): Promise<void> =>
      queues.startWorkers({ ...idleHandlers, ...handlers }, options)

    const drained = (queues: Queues, queue: QueueName): Promise<unknown> =>
      until(
        async () => {
          const { waiting, active, delayed } = (await queues.counts())[queue]
          return waiting + active + delayed === 0
        },
        { what: `an empty queue ${queue}`, timeoutMs: 30_000 },
      )

    const child = async (script: string): Promise<{ process: ChildProcess; lines: string[] }> => {
      const process = spawn(globalThis.process.execPath, [fileURLToPath(new URL(script, import.meta.url))], {
        env: { ...globalThis.process.env, QUEUES: JSON.stringify({ address, timings }) },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      children.push(process)
      const lines: string[] = []
      createInterface({ input: process.stdout }).on('line', (line) => lines.push(line))
      return { process, lines }
    }

    describe('taking jobs', () => {
      it('workers of all queues start at once and each gets its job', async () => {
        const queues = await open()
        const ran = new Set<QueueName>()

        const note = (queue: QueueName) => async () => void ran.add(queue)
        await work(queues, {
          intake: note('intake'),
          lookup: note('lookup'),
          triage: note('triage'),
          crowd: note('crowd'),
          files: note('files'),
          route: note('route'),
          'send-facebook': note('send-facebook'),
          'send-zalo': note('send-zalo'),
          'send-zalo-bot': note('send-zalo-bot'),
          'send-zalo-oa': note('send-zalo-oa'),
          reconcile: note('reconcile'),
          sweep: note('sweep'),
        })
        await Promise.all([
          queues.wake('intake'),
          queues.wake('send-facebook'),
          queues.wake('send-zalo'),
          queues.wake('send-zalo-bot'),
          queues.wake('send-zalo-oa'),
          queues.enqueue('lookup', anEvent(), { lane: 'live' }),
          queues.enqueue('triage', anEvent(), { lane: 'live' }),
          queues.enqueue('crowd', anEvent(), { lane: 'live' }),
          queues.enqueue('files', anEvent(), { lane: 'live' }),
          queues.enqueue('route', aCase(), { lane: 'live' }),
          queues.enqueue('reconcile', aRow(), { lane: 'live' }),
        ])

        await until(() => ran.size === queueNames.length, { what: 'a run of every queue' })
      })

      it('a worker that found nothing is woken by the next job, not by looking', async () => {
        const queues = await open()
        const ran: string[] = []
        await work(queues, { triage: async ({ eventId }) => void ran.push(eventId) })
        const [first, second] = [anEvent(), anEvent()]
        await queues.enqueue('triage', first, { lane: 'live' })
        await until(() => ran.length === 1)
        await drained(queues, 'triage')

        await queues.enqueue('triage', second, { lane: 'live' })

        await until(() => ran.length === 2)
        expect(ran).toEqual([first.eventId, second.eventId])
      })

      it('a process works only on the queues it was given', async () => {
        const queues = await open()
        const ran: string[] = []
        await work(
          queues,
          { route: async () => void ran.push('route'), triage: async () => void ran.push('triage') },
          { only: ['route'] },
        )

        await queues.enqueue('triage', anEvent(), { lane: 'urgent' })
        await queues.enqueue('route', aCase(), { lane: 'bulk' })

        await until(() => ran.length > 0)
        expect(ran).toEqual(['route'])
        expect((await queues.counts()).triage.waiting).toBe(1)
      })

      it('a payload that its queue does not know fails at once and reaches no handler', async () => {
        const queues = await open()
        const raw = await world.openRaw(address, 'triage')
        await raw.add('triage', { eventId: 'not an id', text: 'đường ngập' }, { priority: 2, attempts: 10 })
        await raw.close()
        let ran = false

        await work(queues, {
          triage: async () => {
            ran = true
          },
        })

        await until(async () => (await queues.counts()).triage.failed === 1)
        expect(ran).toBe(false)
      })
    })

    describe('lanes', () => {
      it('an urgent job is taken before 1,000 that wait in bulk', async () => {
        const queues = await open()
        const ran: string[] = []
        const crowd = Array.from({ length: 1_000 }, anEvent)
        const urgent = anEvent()
        await queues.enqueueMany('triage', crowd, { lane: 'bulk' })
        await queues.enqueue('triage', urgent, { lane: 'urgent' })
        expect((await queues.counts()).triage.waiting).toBe(1_001)

        await work(queues, { triage: async ({ eventId }) => void ran.push(eventId) }, { concurrency: { triage: 1 } })

        await until(() => ran.length >= 2)
        expect(ran[0]).toBe(urgent.eventId)
        expect(ran[1]).toBe(crowd[0]?.eventId)
      })

      it('lanes are taken in their order, and inside a lane who came first', async () => {
        const queues = await open()
        const ran: string[] = []
        const inOrder = Lane.options.flatMap((lane) => [`${lane} 1`, `${lane} 2`])
        const nameOf = new Map<string, string>()
        for (const lane of Lane.options.toReversed()) {
          for (const nth of [1, 2]) {
            const event = anEvent()
            nameOf.set(event.eventId, `${lane} ${nth}`)
            await queues.enqueue('triage', event, { lane })
          }
        }

        await work(
          queues,
          {
            triage: async ({ eventId }, { lane }) => {
              const known = nameOf.get(eventId) ?? ''
              ran.push(known.startsWith(lane) ? known : `${known} as ${lane}`)
            },
          },
          { concurrency: { triage: 1 } },
        )

        await until(() => ran.length === inOrder.length)
        expect(ran).toEqual(inOrder)
      })

      it('many handed over at once are all there', async () => {
        const queues = await open()
        const events = Array.from({ length: 1_234 }, anEvent)

        await queues.enqueueMany('triage', [...events, ...events.slice(0, 100)], { lane: 'backfill' })

        expect((await queues.counts()).triage.waiting).toBe(1_234)
      })
    })

    describe('deduplication', () => {
      it('the same job handed over twice while it waits runs once', async () => {
        const queues = await open()
        const ran: string[] = []
        const event = anEvent()
        await queues.enqueue('triage', event, { lane: 'live' })
        await queues.enqueue('triage', event, { lane: 'live' })
        expect((await queues.counts()).triage.waiting).toBe(1)

        await work(queues, { triage: async ({ eventId }) => void ran.push(eventId) })

        await drained(queues, 'triage')
        expect(ran).toEqual([event.eventId])
      })

      it('handed over again and again while it runs, it runs exactly once more', async () => {
        const queues = await open()
        const gate = Promise.withResolvers<void>()
        const ran: string[] = []
        const event = anEvent()
        await work(queues, {
          triage: async ({ eventId }) => {
            ran.push(eventId)
            await gate.promise
          },
        })
        await queues.enqueue('triage', event, { lane: 'live' })
        await until(() => ran.length === 1)
        for (let again = 0; again < 5; again += 1) await queues.enqueue('triage', event, { lane: 'live' })

        gate.resolve()

        await until(() => ran.length === 2)
        await drained(queues, 'triage')
        expect(ran).toEqual([event.eventId, event.eventId])
        await queues.enqueue('triage', event, { lane: 'live' })
        await until(() => ran.length === 3, { what: 'the id to be free again' })
      })

      it('a hand-over during a run that fails for good is not lost', async () => {
        const queues = await open()
        const gate = Promise.withResolvers<void>()
        const event = anEvent()
        let runs = 0
        await work(queues, {
          triage: async () => {
            runs += 1
            if (runs > 1) return
            await gate.promise
            throw new GiveUpError('the case is gone')
          },
        })
        await queues.enqueue('triage', event, { lane: 'live' })
        await until(() => runs === 1)
        await queues.enqueue('triage', event, { lane: 'live' })

        gate.resolve()

        await until(() => runs === 2)
      })

      it('every row that was there before its wake is seen by a run that starts after it', async () => {
        const queues = await open()
        let rows = 0
        let seen = 0
        let runs = 0
        await work(queues, {
          intake: async () => {
            runs += 1
            seen = rows
          },
        })

        for (rows = 1; rows < 2_000; rows += 1) {
          queues.wake('intake')
          if (rows % 50 === 0) await new Promise(setImmediate)
        }
        queues.wake('intake')

        await until(() => seen === 2_000)
        await drained(queues, 'intake')
        expect(runs).toBeLessThan(400)
      })
    })

    describe('delay', () => {
      it('a job that waits for its time swallows none that is due now', async () => {
        const queues = await open()
        const ran: number[] = []
        await work(queues, { 'send-zalo': async () => void ran.push(1) })
        await queues.enqueue('send-zalo', {}, { lane: 'live', delayMs: hourMs })

        await queues.enqueue('send-zalo', {}, { lane: 'live' })

        await until(() => ran.length === 1)
        await until(async () => (await queues.counts())['send-zalo'].active === 0)
        expect((await queues.counts())['send-zalo']).toEqual({ waiting: 0, active: 0, delayed: 1, failed: 0 })
      })

      it('delayed wakes for the same time are one job', async () => {
        const now = new Date('2026-11-24T08:00:00.004Z')
        const queues = await open({ clock: () => now })

        for (const delayMs of [60_000, 60_000.5, 60_001])
          await queues.enqueue('send-zalo', {}, { lane: 'live', delayMs })
        await queues.enqueue('send-zalo', {}, { lane: 'live', delayMs: 120_000 })

        expect((await queues.counts())['send-zalo'].delayed).toBe(2)
      })

      it('a delayed job runs when its time has come, though the worker found nothing before', async () => {
        const queues = await open()
        const ran: number[] = []
        await work(queues, { 'send-zalo': async () => void ran.push(1) })

        await queues.enqueue('send-zalo', {}, { lane: 'live', delayMs: 50 })

        await until(() => ran.length === 1)
      })
    })

    describe('outcomes', () => {
      it('a job that failed is tried again until it succeeds', async () => {
        const queues = await open()
        const attempts: number[] = []
        await work(queues, {
          triage: async (_payload, { attempt }) => {
            attempts.push(attempt)
            if (attempt < 4) throw new Error('not yet')
          },
        })

        await queues.enqueue('triage', anEvent(), { lane: 'live' })

        await until(() => attempts.length === 4)
        await drained(queues, 'triage')
        expect(attempts).toEqual([1, 2, 3, 4])
        expect((await queues.counts()).triage.failed).toBe(0)
      })

      it('a job whose tries are used up fails, stays visible, and can be handed over anew', async () => {
        const queues = await open()
        const seen: [number, boolean][] = []
        await work(queues, {
          intake: async (_payload, { attempt, isLastAttempt }) => {
            seen.push([attempt, isLastAttempt])
            throw new Error('the database is full')
          },
        })

        await queues.wake('intake')

        await until(async () => (await queues.counts()).intake.failed === 1)
        expect(seen).toEqual([
          [1, false],
          [2, false],
          [3, false],
          [4, false],
          [5, true],
        ])
        await queues.wake('intake')
        await until(() => seen.length > 5)
      })

      it('a job that gives up is not tried again, and can be handed over anew', async () => {
        const queues = await open()
        const event = anEvent()
        let runs = 0
        await work(queues, {
          triage: async () => {
            runs += 1
            throw new GiveUpError('the case is closed')
          },
        })

        await queues.enqueue('triage', event, { lane: 'live' })

        await until(async () => (await queues.counts()).triage.failed === 1)
        expect(runs).toBe(1)
        await queues.enqueue('triage', event, { lane: 'live' })
        await until(() => runs === 2)
      })

      it('a postponed job comes back in its lane without having used up a try', async () => {
        const queues = await open()
        const seen: [number, Lane][] = []
        await work(queues, {
          reconcile: async (_payload, { attempt, lane }) => {
            seen.push([attempt, lane])
            if (seen.length < 3) throw new PostponeError('the platform asked us to wait', 20.5)
          },
        })

        await queues.enqueue('reconcile', aRow(), { lane: 'acknowledgements' })

        await until(() => seen.length === 3)
        await drained(queues, 'reconcile')
        expect(seen).toEqual([
          [1, 'acknowledgements'],
          [1, 'acknowledgements'],
          [1, 'acknowledgements'],
        ])
        expect((await queues.counts()).reconcile.failed).toBe(0)
      })

      it.each([
        ['a NUL', 'trước\0sau'],
        ['half an emoji', `đường ngập ${'😀'.slice(0, 1)}`],
        ['words of a resident', 'Nguyễn Văn An, 0912345678, xóm 3'],
      ])('a foreign error with %s fails its job, and nothing of it is kept', async (_what, words) => {
        const queues = await open()
        await work(queues, {
          intake: async () => {
            throw Object.assign(new Error(words), { code: `E_${words}` })
          },
        })

        await queues.wake('intake')

        await until(async () => (await queues.counts()).intake.failed === 1)
        const raw = await world.openRaw(address, 'intake')
        const failed = await raw.getFailed()
        await raw.close()
        const kept = failed.flatMap(({ failedReason, stacktrace }) => [failedReason, ...(stacktrace ?? [])])
        expect(new Set(kept)).toEqual(new Set(['Error: unexpected error, see the log']))
      })
    })

    describe('schedule', () => {
      it('two processes that schedule the sweep have one sweep', async () => {
        const first = await open()
        const second = await open({ at: address })
        let runs = 0
        const sweep: Handler<'sweep'> = async () => {
          runs += 1
        }
        await work(first, { sweep })
        await until(() => runs === 1)

        await work(second, { sweep })
        await work(second, {}, { only: [] })

        await until(async () => {
          const { active, delayed } = (await first.counts()).sweep
          return active === 0 && delayed > 0
        })
        expect((await first.counts()).sweep).toEqual({ waiting: 0, active: 0, delayed: 1, failed: 0 })
        expect(runs).toBe(1)
      })

      it('programs that schedule the sweep in the same moment all may', async () => {
        address = await world.fresh()
        const programs = await Promise.all(Array.from({ length: 4 }, () => open({ at: address })))
        let runs = 0
        const sweep: Handler<'sweep'> = async () => {
          runs += 1
        }

        for (let round = 1; round <= 5; round += 1) {
          await Promise.all(programs.map((queues) => work(queues, { sweep }, { only: ['sweep'] })))
        }

        await until(() => runs > 0)
      })

      it('the sweep comes again and again, also after one that failed', async () => {
        const queues = await open({ timings: { sweepEveryMs: 50 } })
        let runs = 0

        await work(queues, {
          sweep: async () => {
            runs += 1
            if (runs === 2) throw new GiveUpError('planted')
          },
        })

        await until(() => runs >= 5)
      })

      it('a process without the sweep schedules nothing', async () => {
        const queues = await open()

        await work(queues, {}, { only: ['send-zalo'] })

        expect((await queues.counts()).sweep).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 0 })
      })
    })

    describe('bad days', () => {
      it('a job whose worker was killed is run by another', async () => {
        const queues = await open({ timings: { lockDurationMs: 1_000, stalledCheckMs: 200 } })
        const event = anEvent()
        const dying = await child('./queues-hanging-worker.ts')
        await queues.enqueue('triage', event, { lane: 'live' })
        await until(() => dying.lines.includes(`started ${event.eventId}`), { timeoutMs: 30_000 })
        const ran: [string, number][] = []
        await work(queues, { triage: async ({ eventId }, { attempt }) => void ran.push([eventId, attempt]) })

        dying.process.kill('SIGKILL')

        await until(() => ran.length === 1, { timeoutMs: 30_000 })
        await drained(queues, 'triage')
        expect(ran).toEqual([[event.eventId, 1]])
      })

      it('several programs that start together on an empty server all work', async () => {
        address = await world.fresh()
        const programs = await Promise.all(Array.from({ length: 4 }, () => open({ at: address })))
        const ran = new Set<string>()
        const take: Handler<'triage'> = async ({ eventId }) => void ran.add(eventId)
        await Promise.all(programs.map((queues) => work(queues, { triage: take })))

        await Promise.all(programs.map((queues) => queues.enqueue('triage', anEvent(), { lane: 'live' })))

        await until(() => ran.size === programs.length)
      })

      it('while the server is away a hand-over fails; when it is back everything goes on by itself', async () => {
        const queues = await open()
        const ran: string[] = []
        let sweeps = 0
        const event = anEvent()
        await work(queues, {
          triage: async ({ eventId }) => void ran.push(eventId),
          sweep: async () => {
            sweeps += 1
          },
        })
        await until(() => sweeps === 1)

        await world.stop()
        await expect(queues.enqueue('triage', event, { lane: 'live' })).rejects.toThrow()
        await expect(queues.wake('intake')).rejects.toThrow()
        await world.start()

        await until(() => queues.enqueue('triage', event, { lane: 'live' }).then(yes, no), { timeoutMs: 30_000 })
        await until(() => ran.includes(event.eventId), { timeoutMs: 30_000 })
        for (const unused of ['route', 'reconcile'] as const) {
          await until(() => enqueueAny(queues, unused).then(yes, no), { what: `${unused} to be reachable` })
        }
        await until(async () => (await queues.counts()).sweep.delayed === 1, { what: 'the sweep to be scheduled' })
      })

      it('jobs that a restart lost are rebuilt by handing them over again', async () => {
        const queues = await open()
        const events = Array.from({ length: 20 }, anEvent)
        await queues.enqueueMany('triage', events, { lane: 'live' })
        await world.stop()
        await world.start()
        const counted = await until(() => queues.counts().catch(() => null), { timeoutMs: 30_000 })
        expect(counted.triage.waiting).toBe(world.keepsJobs ? events.length : 0)
        const ran: string[] = []

        await queues.enqueueMany('triage', events, { lane: 'live' })
        await work(queues, { triage: async ({ eventId }) => void ran.push(eventId) })

        await drained(queues, 'triage')
        expect(ran.toSorted()).toEqual(events.map(({ eventId }) => eventId).toSorted())
      })

      it('a program that starts before its server waits for it', async () => {
        address = await world.fresh()
        await world.stop()
        const opening = open({ at: address })

        await world.start()

        const queues = await opening
        await queues.enqueue('triage', anEvent(), { lane: 'live' })
        expect((await queues.counts()).triage.waiting).toBe(1)
      })

      it('a server that never answers is named in one sentence', async () => {
        address = await world.fresh()
        await world.stop()

        const opening = open({ at: address, timings: { connectWithinMs: 60 } })

        const named = address.kind === 'redis' ? /^no Redis answers at 127\.0\.0\.1:\d+ .*REDIS_URL/ : /DATABASE_URL/
        await expect(opening).rejects.toThrow(named)
        await world.start()
      })

      it('a refused password is said at once, without repeating it', async () => {
        const opening = open({ at: world.withWrongPassword(await world.fresh()), timings: { connectWithinMs: hourMs } })

        const refusal = await opening.catch((error: unknown) => error)
        expect(refusal).toMatchObject({ code: 'refused' })
        expect(String(refusal)).not.toContain('wrong-password')
      })

      it('everything can be forgotten, also under running workers', async () => {
        const queues = await open()
        const ran: string[] = []
        await work(queues, { triage: async ({ eventId }) => void ran.push(eventId) }, { only: ['triage', 'sweep'] })
        await queues.enqueue('route', aCase(), { lane: 'live' })
        await queues.enqueue('route', aCase(), { lane: 'live', delayMs: hourMs })

        await queues.wipe()

        expect((await queues.counts()).route).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 0 })
        const event = anEvent()
        await queues.enqueue('triage', event, { lane: 'live' })
        await until(() => ran.includes(event.eventId))
        await until(async () => (await queues.counts()).sweep.delayed === 1)
      })

      it('jobs of a paused queue are counted as waiting', async () => {
        const queues = await open()
        const raw = await world.openRaw(address, 'triage')
        await raw.pause()
        await raw.close()

        await queues.enqueue('triage', anEvent(), { lane: 'live' })

        expect((await queues.counts()).triage.waiting).toBe(1)
      })
    })

    describe('closing', () => {
      it('close waits for the job under way and leaves no connection behind', async () => {
        const queues = await open()
        const gate = Promise.withResolvers<void>()
        const events: string[] = []
        await work(queues, {
          triage: async (_payload, { signal }) => {
            events.push('started')
            signal.addEventListener('abort', () => {
              events.push('told to stop')
              gate.resolve()
            })
            await gate.promise
            events.push('ended')
          },
        })
        await queues.enqueue('triage', anEvent(), { lane: 'live' })
        await until(() => events.length === 1)

        await queues.close()

        expect(events).toEqual(['started', 'told to stop', 'ended'])
        opened.splice(opened.indexOf(queues), 1)
        await until(async () => (await world.connections(address)) === 0, { what: 'no connection' })
      })

      it('a long run that is told to stop leaves its work to the next program', async () => {
        const queues = await open()
        const started = Promise.withResolvers<void>()
        await work(queues, {
          intake: async (_payload, { signal }) => {
            started.resolve()
            await new Promise((resolve) => signal.addEventListener('abort', resolve))
            throw new PostponeError('the program stops', 0)
          },
        })
        await queues.wake('intake')
        await started.promise
        await queues.close()
        opened.splice(opened.indexOf(queues), 1)

        const next = await open({ at: address })
        const ran: number[] = []
        await work(next, { intake: async () => void ran.push(1) })

        await until(() => ran.length === 1)
      })

      it.each([
        ['has just gone', async () => {}],
        [
          'has been away for some tries',
          async (queues: Queues) => {
            for (let tries = 0; tries < 3; tries += 1) await queues.wake('intake').catch(() => {})
          },
        ],
      ])('close ends also while the server %s', async (_how, notice) => {
        const queues = await open()
        await work(queues, {})
        await world.stop()
        await notice(queues)

        await queues.close().finally(() => world.start())

        expect(opened.splice(opened.indexOf(queues), 1)).toEqual([queues])
      })

      it('close ends also when the server goes away during it, and the job under way is run again later', async () => {
        const quick = { lockDurationMs: 1_000, stalledCheckMs: 200 }
        const queues = await open({ timings: quick })
        const gate = Promise.withResolvers<void>()
        const started = Promise.withResolvers<void>()
        await work(queues, {
          triage: async () => {
            started.resolve()
            await gate.promise
          },
        })
        const event = anEvent()
        await queues.enqueue('triage', event, { lane: 'live' })
        await started.promise

        const closing = queues.close()
        opened.splice(opened.indexOf(queues), 1)
        await world.stop()
        gate.resolve()
        await closing.finally(() => world.start())

        const next = await open({ at: address, timings: quick })
        const ran: string[] = []
        await work(next, { triage: async ({ eventId }) => void ran.push(eventId) })
        if (!world.keepsJobs) await next.enqueue('triage', event, { lane: 'live' })
        await until(() => ran.includes(event.eventId), { timeoutMs: 30_000 })
      })

      it('a program whose queues are closed ends by itself', async () => {
        address = await world.fresh()

        const { process, lines } = await child('./queues-short-program.ts')

        const [code] = await once(process, 'exit')
        expect(lines).toEqual(['ran', 'closed'])
        expect(code).toBe(0)
      })
    })
  })
}

const silent = createLog('silent')

const nothing = async (): Promise<void> => {}
const idleHandlers: Handlers = {
  intake: nothing,
  lookup: nothing,
  triage: nothing,
  crowd: nothing,
  files: nothing,
  route: nothing,
  'send-facebook': nothing,
  'send-zalo': nothing,
  'send-zalo-bot': nothing,
  'send-zalo-oa': nothing,
  reconcile: nothing,
  sweep: nothing,
}

function enqueueAny(queues: Queues, name: 'route' | 'reconcile'): Promise<void> {
  return name === 'route'
    ? queues.enqueue(name, aCase(), { lane: 'live' })
    : queues.enqueue(name, aRow(), { lane: 'live' })
}

const yes = (): boolean => true
const no = (): boolean => false

function anEvent(): { eventId: EventId } {
  return { eventId: newId(EventId, new Date()) }
}

function aCase(): { caseId: CaseId } {
  return { caseId: newId(CaseId, new Date()) }
}

function aRow(): { outboxId: OutboxId } {
  return { outboxId: newId(OutboxId, new Date()) }
}
