import { type RawBuilder, sql } from 'kysely'

/**
 * The state of a row that was not carried out and would be tried again: `pending`, but `cancelled` where its case has
 * become restricted, was withdrawn or was answered on the platform while the row was under way. For an update of outbox.
 */
export function backToPending(): RawBuilder<string> {
  return sql<string>`case when outbox.audience <> 'officer' and exists (
      select from cases where cases.id = outbox.case_id and (
        cases.confidentiality <> 'public' or cases.status in ('withdrawn', 'answered_outside')
      )
    ) then 'cancelled' else 'pending' end`
}
