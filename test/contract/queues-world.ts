import type { BackendAddress } from '../../queues/backend.ts'
import type { QueueName } from '../../queues/definitions.ts'

/** One queue through BullMQ itself, for what our own words rightly do not offer. */
interface RawQueue {
  add(name: string, data: unknown, options: { priority: number; attempts: number }): Promise<unknown>
  pause(): Promise<void>
  getFailed(): Promise<{ failedReason?: string; stacktrace: string[] | null }[]>
  close(): Promise<void>
}

/** A real server that holds jobs, owned by one test file. */
export interface World {
  /** Whether jobs that were accepted are still there after `stop` and `start`. */
  readonly keepsJobs: boolean
  /** An empty place on the server that nobody else uses. */
  fresh(): Promise<BackendAddress>
  /** The same place as a person without the right password would reach it. */
  withWrongPassword(address: BackendAddress): BackendAddress
  stop(): Promise<void>
  start(): Promise<void>
  /** How many connections to that place are open. */
  connections(address: BackendAddress): Promise<number>
  openRaw(address: BackendAddress, name: QueueName): Promise<RawQueue>
  close(): Promise<void>
}
