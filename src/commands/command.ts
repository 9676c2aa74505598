import { z } from 'zod'

/** What an officer's chat message asks for. `answer` and the words below it are about one case. */
export const Command = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('help') }),
  z.object({ kind: z.literal('answer'), text: z.string() }),
  z.object({ kind: z.literal('answer_privately'), text: z.string() }),
  z.object({ kind: z.literal('resend') }),
  z.object({ kind: z.literal('edit'), text: z.string() }),
  z.object({ kind: z.literal('take_down'), reason: z.string() }),
  /** The answer: before it is out, or also then where the platform can. */
  z.object({ kind: z.literal('take_back') }),
  z.object({ kind: z.literal('hide'), reason: z.string() }),
  z.object({ kind: z.literal('unhide') }),
  /** On the Page's own wall. */
  z.object({ kind: z.literal('post'), text: z.string() }),
  z.object({ kind: z.literal('make_public') }),
  z.object({ kind: z.literal('make_restricted') }),
  z.object({ kind: z.literal('seen_present') }),
  z.object({ kind: z.literal('seen_absent') }),
  z.object({ kind: z.literal('reopen') }),
  z.object({ kind: z.literal('approve') }),
  /** Only about what waits for a yes; to anything else it is an answer that begins with these words: `text`. */
  z.object({ kind: z.literal('give_back'), reason: z.string(), text: z.string() }),
  z.object({ kind: z.literal('stop_publishing'), reason: z.string().nullable() }),
  z.object({ kind: z.literal('resume_publishing'), reason: z.string().nullable() }),
])
export type Command = z.infer<typeof Command>
