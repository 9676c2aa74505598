import { type RawBuilder, sql } from 'kysely'

/**
 * The state of a row that was not carried out and would be tried again: `pending`, but `cancelled` where its case has
 * become restricted, was withdrawn or was answered on the platform while the row was under way, also a picture of a
 * restricted case to a group. For an update of outbox.
 */
export function backToPending(): RawBuilder<string> {
  return sql<string>`case when exists (
      select from cases where cases.id = outbox.case_id and (
        (outbox.audience <> 'officer'
          and (cases.confidentiality <> 'public' or cases.status in ('withdrawn', 'answered_outside')))
        or (outbox.kind = 'file' and outbox.place_kind = 'group' and cases.confidentiality <> 'public')
      )
    ) then 'cancelled' else 'pending' end`
}
