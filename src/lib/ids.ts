import { randomUUID } from 'node:crypto'
import { z } from 'zod'

const id = z.uuid()

export const UnitId = id.brand<'UnitId'>()
export type UnitId = z.infer<typeof UnitId>
export const OfficerId = id.brand<'OfficerId'>()
export type OfficerId = z.infer<typeof OfficerId>
export const AccountId = id.brand<'AccountId'>()
export type AccountId = z.infer<typeof AccountId>
export const DeliveryId = id.brand<'DeliveryId'>()
export type DeliveryId = z.infer<typeof DeliveryId>
export const EventId = id.brand<'EventId'>()
export type EventId = z.infer<typeof EventId>
export const CaseId = id.brand<'CaseId'>()
export type CaseId = z.infer<typeof CaseId>
export const OutboxId = id.brand<'OutboxId'>()
export type OutboxId = z.infer<typeof OutboxId>
export const AnswerId = id.brand<'AnswerId'>()
export type AnswerId = z.infer<typeof AnswerId>
export const FileId = id.brand<'FileId'>()
export type FileId = z.infer<typeof FileId>
export const RoutingDecisionId = id.brand<'RoutingDecisionId'>()
export type RoutingDecisionId = z.infer<typeof RoutingDecisionId>
export const RuleId = id.brand<'RuleId'>()
export type RuleId = z.infer<typeof RuleId>

/** A new UUIDv7 (RFC 9562): sorts by the millisecond it was made in, which keeps indexes dense. */
export function newId<S extends z.ZodType<string>>(schema: S, now: Date): z.output<S> {
  const time = now.getTime().toString(16).padStart(12, '0')
  const random = randomUUID().slice(15) // node keeps a store of random bytes for these
  return schema.parse(`${time.slice(0, 8)}-${time.slice(8)}-7${random}`)
}
