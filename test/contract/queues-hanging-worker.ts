import { openQueues } from '../../queues/open.ts'
import { createLog } from '../../src/lib/log.ts'

/** A program that takes a job and never ends it; the test kills it. */
const { address, timings } = JSON.parse(process.env.QUEUES ?? '')
const queues = await openQueues({
  backend: address,
  log: createLog('silent'),
  timings: { ...timings, lockDurationMs: 1_000, stalledCheckMs: 200 },
})
const nothing = async (): Promise<void> => {}
await queues.startWorkers(
  {
    intake: nothing,
    lookup: nothing,
    crowd: nothing,
    files: nothing,
    triage: ({ eventId }) => {
      console.log(`started ${eventId}`)
      return new Promise(() => {})
    },
    route: nothing,
    'send-facebook': nothing,
    'send-zalo': nothing,
    'send-zalo-bot': nothing,
    'send-zalo-oa': nothing,
    reconcile: nothing,
    sweep: nothing,
  },
  { only: ['triage'] },
)
