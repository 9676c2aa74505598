import { sql } from 'kysely'
import type { Db } from '../db/client.ts'
import type { CaseId, EventId } from '../lib/ids.ts'

/** A message of somebody, with its case if it opened one. Words and author are null unless the public may read them. */
export interface SubjectRow {
  readonly eventId: EventId
  readonly deliveryId: string
  readonly caseId: CaseId | null
  readonly code: string | null
  readonly confidentiality: 'public' | 'restricted' | null
  readonly reason: string | null
  readonly unitId: string
  readonly platform: string
  readonly place: string
  readonly groupName: string | null
  readonly outcome: string | null
  readonly words: string | null
  readonly author: string | null
  readonly receivedAt: Date
  readonly recordedAt: Date
  readonly closedAt: Date | null
}

/** Outcomes of messages that have no case but a reason that somebody may ask for. */
const TOLD_WITHOUT_CASE = [
  'needs_no_officer',
  'not_addressed',
  'unknown_group',
  'not_bound',
  'removed_before',
  'office_talk',
  'which_case',
]

/**
 * The latest matters: messages that opened a case, and messages without one. The mask is part of the query: the words of
 * a restricted case, or of a message nobody has judged yet, never leave the database.
 */
export async function subjectRows(db: Db, after: Date, limit: number): Promise<SubjectRow[]> {
  const found = await sql<SubjectRow>`
    select e.id as event_id, e.delivery_id, c.id as case_id, c.code, c.confidentiality, c.confidentiality_reason as reason,
      e.unit_id, a.platform, e.place_kind as place, g.name as group_name, e.outcome,
      coalesce(d.received_at, e.recorded_at) as received_at, e.recorded_at, e.closed_at,
      case when c.confidentiality = 'public' or (c.id is null and e.outcome = 'needs_no_officer') then e.text end as words,
      case when c.confidentiality = 'public' or (c.id is null and e.outcome = 'needs_no_officer') then e.author_name end as author
    from events e
    join accounts a on a.id = e.account_id
    left join cases c on c.origin_event_id = e.id
    left join deliveries d on d.id = e.delivery_id
    left join groups g on g.account_id = e.account_id and e.place_kind = 'group' and g.external_id = e.place_id
    where e.recorded_at > ${after}
      and e.kind in ('comment', 'visitor_post', 'message')
      and (c.id is not null or e.outcome is null or e.outcome in (${sql.join(TOLD_WITHOUT_CASE)}))
    order by e.recorded_at desc, e.id desc
    limit ${limit}`.execute(db)
  return found.rows
}

export interface HistoryRow {
  readonly caseId: CaseId
  readonly at: Date
  readonly what: string
  readonly details: unknown
  readonly officer: string | null
}

export async function historyRows(db: Db, cases: readonly CaseId[]): Promise<HistoryRow[]> {
  return db
    .selectFrom('caseHistory')
    .leftJoin('officers', 'officers.id', 'caseHistory.actorOfficerId')
    .select(['caseId', 'at', 'what', 'details', 'officers.displayName as officer'])
    .where('caseId', 'in', cases)
    .orderBy('caseHistory.id')
    .execute()
}

export interface DecisionRow {
  readonly caseId: CaseId
  readonly id: string
  readonly at: Date
  readonly unitId: string
  readonly unitName: string
  readonly duty: string
  readonly ruleName: string | null
}

export async function decisionRows(db: Db, cases: readonly CaseId[]): Promise<DecisionRow[]> {
  return db
    .selectFrom('routingDecisions')
    .innerJoin('units', 'units.id', 'routingDecisions.assignedUnitId')
    .leftJoin('routingRules', 'routingRules.id', 'routingDecisions.ruleId')
    .select([
      'caseId',
      'routingDecisions.id',
      'decidedAt as at',
      'units.id as unitId',
      'units.name as unitName',
      'duty',
      'routingRules.name as ruleName',
    ])
    .where('caseId', 'in', cases)
    .orderBy('decidedAt')
    .execute()
}

export interface AnswerRow {
  readonly caseId: CaseId
  readonly id: string
  readonly at: Date
  readonly version: number
  readonly officer: string
  /** Null where the case is restricted. */
  readonly words: string | null
}

export async function answerRows(db: Db, cases: readonly CaseId[]): Promise<AnswerRow[]> {
  return db
    .selectFrom('answers')
    .innerJoin('cases', 'cases.id', 'answers.caseId')
    .innerJoin('officers', 'officers.id', 'answers.officerId')
    .select((select) => [
      'answers.caseId',
      'answers.id',
      'answers.createdAt as at',
      'answers.version',
      'officers.displayName as officer',
      select
        .case()
        .when('cases.confidentiality', '=', 'public')
        .then(select.ref('answers.text'))
        .else(null)
        .end()
        .as('words'),
    ])
    .where('answers.caseId', 'in', cases)
    .orderBy('answers.createdAt')
    .execute()
}

export interface MessageRow {
  readonly caseId: CaseId
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly platform: string
  readonly place: string
  readonly groupName: string | null
  /** Who reads it, where it goes to one officer. */
  readonly reader: string | null
  readonly originId: string
  /** What became of the officer's message that this one replies to. */
  readonly originOutcome: string | null
  readonly messageId: string | null
  readonly errorCode: string | null
  readonly heldBy: string | null
  /** Of a message that takes several. */
  readonly part: number
  readonly attempts: number
  readonly createdAt: Date
  readonly claimedAt: Date | null
  readonly changedAt: Date
}

export async function messageRows(db: Db, cases: readonly CaseId[]): Promise<MessageRow[]> {
  const found = await sql<MessageRow>`
    select o.case_id, o.id, o.kind, o.state, a.platform, o.place_kind as place, g.name as group_name,
      f.display_name as reader, o.origin_id, e.outcome as origin_outcome, o.message_id, o.error_code, o.held_by, o.version as part, o.attempts,
      o.created_at, o.claimed_at, o.changed_at
    from outbox o
    join accounts a on a.id = o.account_id
    left join groups g on g.account_id = o.account_id and o.place_kind = 'group' and g.external_id = o.place_id
    left join officer_identities i on i.account_id = o.account_id and o.place_kind = 'direct' and i.external_id = o.place_id
    left join officers f on f.id = i.officer_id
    left join events e on e.id = o.origin_id
    where o.case_id in (${sql.join(cases)})
    order by o.created_at, o.id`.execute(db)
  return found.rows
}
