import { type RawBuilder, sql } from 'kysely'

/**
 * The state of a row that was not carried out and would be tried again: `pending`, but `cancelled` where its case has
 * become restricted or was withdrawn while the row was under way. For an update of outbox.
 */
export function backToPending(): RawBuilder<string> {
  return sql<string>`case when outbox.audience <> 'officer' and exists (
      select from cases where cases.id = outbox.case_id and (cases.confidentiality <> 'public' or cases.status = 'withdrawn')
    ) then 'cancelled' else 'pending' end`
}
