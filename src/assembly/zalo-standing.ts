import type { Consent } from '../accounts/consent.ts'

/** Pure. One line on how a personal Zalo account is doing, "ok" or what is wrong and what to do. */
export function zaloStanding(
  {
    externalId,
    state,
    reason,
  }: { readonly externalId: string; readonly state: string; readonly reason: string | null },
  { consent, unread }: { readonly consent: Consent | undefined; readonly unread: string | undefined },
): string {
  if (state === 'stopped' && reason === 'no_consent' && consent === undefined)
    return `stopped: needs the consent of an admin (danhoi zalo consent ${externalId} --admin NAME)`
  if (state !== 'connected') return `${state}: ${reason ?? ''}`
  if (unread !== undefined) return `gets what it cannot read: ${unread}`
  return 'ok'
}
