/** Order of all asynchronous work: a lower number goes first. BullMQ priorities and outbox rows share it. */
export const lanes = { urgent: 1, live: 2, acknowledgements: 3, backfill: 4, bulk: 5 } as const
export type Lane = keyof typeof lanes
export type LaneNumber = (typeof lanes)[Lane]
