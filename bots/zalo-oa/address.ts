import { z } from 'zod'

/** Where a reply goes: written into the event by `normalise`, read back by the publisher. */
export const OaAddress = z.object({
  type: z.literal('user'),
  userId: z.string().min(1),
  /** The message that is answered. */
  quoteMessageId: z.string().min(1).exactOptional(),
})
export type OaAddress = z.infer<typeof OaAddress>
