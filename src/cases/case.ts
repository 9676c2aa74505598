import { z } from 'zod'

export const CaseStatus = z.enum(['received', 'assigned', 'answered', 'published', 'withdrawn', 'closed'])
export type CaseStatus = z.infer<typeof CaseStatus>

/** Every move a case may make. */
export const caseTransitions = {
  received: ['assigned', 'withdrawn', 'closed'],
  // Back to received: a person changed who may read it, so it is routed anew.
  assigned: ['received', 'answered', 'withdrawn', 'closed'],
  answered: ['published', 'assigned', 'withdrawn'],
  published: ['assigned', 'closed'],
  withdrawn: [],
  closed: [],
} as const satisfies Record<CaseStatus, readonly CaseStatus[]>

/** Still waiting for something of ours: a later message of the same person in the same thread joins it. */
export const openStatuses = ['received', 'assigned', 'answered'] as const satisfies readonly CaseStatus[]
