import { z } from 'zod'

/** Where a message goes. Between two people the chat has the id of the person; a reply quotes nothing. */
export const BotAddress = z.object({ type: z.enum(['direct', 'group']), chatId: z.string().min(1) })
export type BotAddress = z.infer<typeof BotAddress>
