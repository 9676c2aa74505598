import { Queue } from 'bullmq'
import { Lifecycle } from '../../src/lib/lifecycle.ts'
import { createLog } from '../../src/lib/log.ts'
import { runUntilSignal } from '../../src/run-until-signal.ts'
import { serve } from './serve.ts'

/** What most bots do: the same server and route, and each comment added as a job of BullMQ to the Redis at argv[2]. */
const log = createLog('info')
await runUntilSignal(log, 5_000, () => {
  const lifecycle = new Lifecycle()
  const queue = new Queue('comments', { connection: { url: process.argv[2] ?? '' } })
  lifecycle.add('queue', () => queue.close())
  const keep = async ({ body }: { body: Buffer }): Promise<void> => {
    await queue.add('comment', { body: body.toString('utf8') })
  }
  return serve(log, lifecycle, { keeper: { keep }, noiseOnly: () => null })
})
