import { type RawBuilder, sql } from 'kysely'

/**
 * The state of a row that was not carried out and would be tried again: `pending`, or `held` as it was before, but
 * `cancelled` where its case has become restricted, was withdrawn or was answered on the platform while the row was under
 * way, also a picture of a restricted case to a group, and a change of what stands on the platform after which another one
 * was decided; showing a comment again where its case has become restricted. What was intended although the case had been
 * answered on the platform goes on. For an update of outbox.
 */
export function backToPending(): RawBuilder<string> {
  return sql<string>`case when exists (
      select from cases where cases.id = outbox.case_id and (
        (outbox.audience in ('public', 'resident') and (cases.confidentiality <> 'public' or cases.status = 'withdrawn'
          or (cases.status = 'answered_outside' and not ${wasAnsweredOutsideBefore})))
        or (outbox.kind = 'unhide' and cases.confidentiality <> 'public' and ${isRestrictedSince})
        or (outbox.kind = 'file' and outbox.place_kind = 'group' and cases.confidentiality <> 'public')
      )
    ) or ${isSuperseded()} then 'cancelled'
      when outbox.held_by is not null then 'held' else 'pending' end`
}

/** The row was intended although somebody had answered there. */
const wasAnsweredOutsideBefore = sql`coalesce((
    select max(h.at) from case_history h where h.case_id = outbox.case_id and h.what = 'answered_outside'
  ) < outbox.created_at, false)`

/** The row was intended before. Of a case that is restricted already, showing the comment again is an order like another. */
const isRestrictedSince = sql`exists (
    select from case_history h
    where h.case_id = outbox.case_id and h.what = 'made_restricted' and h.at >= outbox.created_at
  )`

/**
 * Whether something else was decided later about what this row acts upon: carried out now, it would undo that. Two private
 * replies to one comment undo nothing. For a select or an update of outbox.
 */
export function isSuperseded(): RawBuilder<boolean> {
  return sql<boolean>`(outbox.kind in ('edit', 'delete', 'hide', 'unhide') and exists (
      select from outbox later where later.account_id = outbox.account_id and later.target_id = outbox.target_id
        and later.kind in ('edit', 'delete', 'hide', 'unhide') and later.state not in ('cancelled', 'rejected')
        and (later.created_at, later.id) > (outbox.created_at, outbox.id)
    ))`
}
