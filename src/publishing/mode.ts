import { z } from 'zod'

/**
 * What may leave towards residents, strictest first. `listen_only`: nothing. `approve_all`: what a second officer has
 * agreed to. `publish`: everything that an officer answers.
 */
export const PublishingMode = z.enum(['listen_only', 'approve_all', 'publish'])
export type PublishingMode = z.infer<typeof PublishingMode>

export const ModeScope = z.enum(['installation', 'unit', 'account', 'group'])
export type ModeScope = z.infer<typeof ModeScope>

/** What one scope says. A unit's word counts for everything below it. */
export interface ModeSetting {
  readonly scope: ModeScope
  readonly mode: PublishingMode
}

/** Of an account about which nobody has said anything: it begins as a pilot. */
export const modeOfNewAccount: PublishingMode = 'approve_all'

/** Pure. The strictest of the settings that apply to a message. */
export function effectiveMode(applying: readonly ModeSetting[]): PublishingMode {
  const said = applying.map(({ mode }) => mode)
  if (!applying.some(({ scope }) => scope === 'account')) said.push(modeOfNewAccount)
  return PublishingMode.options.find((mode) => said.includes(mode)) ?? 'publish'
}

/** What becomes of an intended message that residents would read. */
export type Verdict = 'leave' | 'hold' | 'cancel'

/** Pure. A receipt that comes days later would only mock: it is never held. */
export function verdictOf(mode: PublishingMode, message: { kind: string; isApproved: boolean }): Verdict {
  if (mode === 'publish') return 'leave'
  // Without words there is nothing that anybody could agree to.
  if (mode === 'approve_all' && message.kind === 'unhide') return 'leave'
  if (message.kind === 'acknowledgement' || message.kind === 'reaction') return 'cancel'
  return mode === 'approve_all' && message.isApproved ? 'leave' : 'hold'
}
