import { z } from 'zod'

/** What an officer's chat message asks for. `answer` and the words below it are about one case. */
export const Command = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('help') }),
  z.object({ kind: z.literal('answer'), text: z.string() }),
  z.object({ kind: z.literal('make_public') }),
  z.object({ kind: z.literal('make_restricted') }),
  z.object({ kind: z.literal('seen_present') }),
  z.object({ kind: z.literal('seen_absent') }),
  z.object({ kind: z.literal('reopen') }),
])
export type Command = z.infer<typeof Command>
