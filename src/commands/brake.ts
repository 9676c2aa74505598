import type { Tx } from '../db/client.ts'
import type { StoredEvent } from '../intake/store.ts'
import type { OfficerId } from '../lib/ids.ts'
import { publishingState, setPublishing } from '../outbox/switch.ts'
import { publishingTexts } from '../texts/publishing.ts'
import { isOnDuty } from '../units/store.ts'
import type { Command } from './command.ts'

export type Brake = Extract<Command, { kind: 'stop_publishing' | 'resume_publishing' }>

export function isBrake(command: Command): command is Brake {
  return command.kind === 'stop_publishing' || command.kind === 'resume_publishing'
}

/**
 * The brake in the pocket of whoever administers, in any unit: 1:1, so that nobody stops or resumes everything by a slip
 * in a group. What is under way at that moment ends, nothing else begins.
 */
export async function pullBrake(
  tx: Tx,
  { kind, reason }: Brake,
  officerId: OfficerId,
  { place }: StoredEvent,
  now: Date,
): Promise<{ outcome: string; reply: string }> {
  if (!(await isOnDuty(tx, officerId, 'administers', now))) {
    return { outcome: 'not_administrator', reply: publishingTexts.notAdministrator }
  }
  if (place.kind !== 'direct') return { outcome: 'brake_in_group', reply: publishingTexts.onlyDirect }
  const isOn = kind === 'resume_publishing'
  const changed = await setPublishing(tx, isOn, { by: { officerId }, reason }, now)
  const state = await publishingState(tx)
  const say = isOn ? publishingTexts.resumed : publishingTexts.stopped
  return { outcome: kind, reply: say(state, !changed) }
}
