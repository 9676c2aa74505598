import type { JobQueue } from './backend.ts'
import type { JobToAdd } from './enqueue.ts'

/** Lets `job` run every `everyMs`, however many processes say so and however often. */
export async function schedule(queue: JobQueue, job: JobToAdd, everyMs: number): Promise<void> {
  const { deduplication: _one, ...opts } = job.opts // the scheduler itself keeps at most one waiting
  await queue.upsertJobScheduler(job.name, { every: everyMs }, { name: job.name, data: job.data, opts })
}
