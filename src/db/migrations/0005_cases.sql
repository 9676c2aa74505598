-- A case: one matter of one resident, its messages, and everything that happened to it.

create table cases (
  id uuid primary key,
  code text not null unique check (code ~ '^DH-[2-9A-HKMNP-Z]{3}-[2-9A-HKMNP-Z]{3}$'),
  unit_id uuid not null references units (id),
  account_id uuid not null references accounts (id),
  confidentiality text not null check (confidentiality in ('public', 'restricted')),
  confidentiality_reason text not null,
  status text not null check (status in ('received', 'assigned', 'answered', 'published', 'answered_outside', 'withdrawn', 'closed')),
  -- Grows with every move, so that two people cannot both act on what only one of them saw.
  version integer not null default 1,
  kind text not null check (kind in ('question', 'feedback', 'other')),
  urgent boolean not null,
  confidence real not null check (confidence between 0 and 1),
  origin_event_id uuid not null unique references events (id),
  thread_key text not null,
  author_id text,
  place_kind text not null check (place_kind in ('post', 'group', 'direct')),
  assigned_unit_id uuid references units (id),
  assigned_duty text,
  rule_id uuid,
  opened_at timestamptz not null,
  changed_at timestamptz not null
);
create index on cases (account_id, thread_key, author_id);
create index on cases (opened_at) where status = 'received';

create table case_messages (
  case_id uuid not null references cases (id),
  event_id uuid not null unique references events (id),
  added_at timestamptz not null,
  primary key (case_id, event_id)
);

-- Append-only. Ids, codes and reasons; words and names stand in tables that can be erased.
create table case_history (
  id bigint generated always as identity primary key,
  case_id uuid not null references cases (id),
  at timestamptz not null,
  what text not null,
  actor_officer_id uuid references officers (id),
  details jsonb not null default '{}'
);
create index on case_history (case_id, id);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;
create trigger append_only before update or delete on case_history for each row execute function refuse_change();
