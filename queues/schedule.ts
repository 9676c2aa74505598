import { ErrorCode } from 'bullmq'
import type { JobQueue } from './backend.ts'
import type { JobToAdd } from './enqueue.ts'

const TRIES = 10
/** PostgreSQL ended one of those that waited for each other, which may say again what it wanted. */
const DEADLOCK = '40P01'

/** Lets `job` run every `everyMs`, however many processes say so, however often, and also all at the same moment. */
export async function schedule(queue: JobQueue, job: JobToAdd, everyMs: number): Promise<void> {
  const { deduplication: _one, ...opts } = job.opts // the scheduler itself keeps at most one waiting
  for (let attempt = 1; ; attempt += 1) {
    try {
      await queue.upsertJobScheduler(job.name, { every: everyMs }, { name: job.name, data: job.data, opts })
      return
    } catch (error) {
      if (isScheduledByAnother(error)) return
      if (attempt === TRIES || codeOf(error) !== DEADLOCK) throw error
    }
  }
}

/** Another process was faster by a moment: its run of this job is under way and the one after it waits already. */
function isScheduledByAnother(error: unknown): boolean {
  const code = codeOf(error)
  return code === ErrorCode.SchedulerJobSlotsBusy || code === ErrorCode.SchedulerJobIdCollision
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
