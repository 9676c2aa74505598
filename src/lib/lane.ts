import { z } from 'zod'

/**
 * Order of all asynchronous work: a smaller number is taken first. Jobs and outbox rows share it, and every one of them
 * has a lane: BullMQ takes a job without priority before priority 1, ahead of a call for help.
 */
export const lanes = { urgent: 1, live: 2, acknowledgements: 3, backfill: 4, bulk: 5 } as const
export const Lane = z.enum(['urgent', 'live', 'acknowledgements', 'backfill', 'bulk'])
export type Lane = z.infer<typeof Lane>
