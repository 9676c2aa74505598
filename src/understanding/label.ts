import { z } from 'zod'

/** question wants information; feedback reports, complains or proposes; other needs no officer. */
export const Kind = z.enum(['question', 'feedback', 'other'])
export type Kind = z.infer<typeof Kind>

/** What one text was understood to be, and the words that decided it. */
export const Label = z.object({
  kind: Kind,
  /** 0–1; below the threshold a person decides. */
  confidence: z.number().min(0).max(1),
  urgent: z.boolean(),
  /** Accuses somebody or contests a decision: must never be answered or echoed in public. */
  denunciation: z.boolean(),
  because: z.array(z.string()),
})
export type Label = z.infer<typeof Label>
