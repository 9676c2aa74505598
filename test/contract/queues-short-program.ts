import { openQueues } from '../../queues/open.ts'
import { createLog } from '../../src/lib/log.ts'

/** A program that works, closes its queues and has nothing else to do: it must end without being told to. */
const { address, timings } = JSON.parse(process.env.QUEUES ?? '')
const queues = await openQueues({ backend: address, log: createLog('silent'), timings })
const ran = Promise.withResolvers<void>()
const nothing = async (): Promise<void> => {}
await queues.startWorkers({
  intake: async () => {
    console.log('ran')
    ran.resolve()
  },
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
})
await queues.wake('intake')
await ran.promise
await queues.close()
console.log('closed')
