import type { Tx } from '../db/client.ts'

/**
 * The gate is the row of the switch. Whoever claims something that residents could read shares it until the claim is
 * committed; whoever changes what may leave takes it alone. So once a stop, a stricter mode or a freeze is committed,
 * every message either was under way before or does not begin.
 */
export async function shareGate(tx: Tx): Promise<{ isOn: boolean }> {
  return tx.selectFrom('switches').select('isOn').where('name', '=', 'publishing').forShare().executeTakeFirstOrThrow()
}

/** Waits until the claims that are being made are committed; no other is made before this transaction ends. */
export async function closeGate(tx: Tx): Promise<{ isOn: boolean }> {
  return tx.selectFrom('switches').select('isOn').where('name', '=', 'publishing').forUpdate().executeTakeFirstOrThrow()
}
