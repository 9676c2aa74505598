import { ErrorCode } from 'bullmq'
import type { JobQueue } from './backend.ts'
import type { JobToAdd } from './enqueue.ts'

/** Lets `job` run every `everyMs`, however many processes say so, however often, and also all at the same moment. */
export async function schedule(queue: JobQueue, job: JobToAdd, everyMs: number): Promise<void> {
  const { deduplication: _one, ...opts } = job.opts // the scheduler itself keeps at most one waiting
  try {
    await queue.upsertJobScheduler(job.name, { every: everyMs }, { name: job.name, data: job.data, opts })
  } catch (error) {
    if (!isScheduledByAnother(error)) throw error
  }
}

/** Another process was faster by a moment: its run of this job is under way and the one after it waits already. */
function isScheduledByAnother(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  return error.code === ErrorCode.SchedulerJobSlotsBusy || error.code === ErrorCode.SchedulerJobIdCollision
}
