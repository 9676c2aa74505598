import { z } from 'zod'

export const CaseStatus = z.enum([
  'received',
  'assigned',
  'answered',
  'published',
  'answered_outside',
  'withdrawn',
  'closed',
])
export type CaseStatus = z.infer<typeof CaseStatus>

/** Every move a case may make. */
export const caseTransitions = {
  received: ['assigned', 'answered_outside', 'withdrawn', 'closed'],
  // Back to received: a person changed who may read it, so it is routed anew.
  assigned: ['received', 'answered', 'answered_outside', 'withdrawn', 'closed'],
  answered: ['published', 'assigned', 'answered_outside', 'withdrawn'],
  published: ['assigned', 'closed'],
  // Somebody answered on the platform itself; a person may say that it was no answer.
  answered_outside: ['assigned', 'closed'],
  withdrawn: [],
  closed: [],
} as const satisfies Record<CaseStatus, readonly CaseStatus[]>

/** Still waiting for something of ours: a later message of the same person in the same thread joins it. */
export const openStatuses = ['received', 'assigned', 'answered'] as const satisfies readonly CaseStatus[]
