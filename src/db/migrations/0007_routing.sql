-- Who gets what, and why each case went where it went.

create table routing_rules (
  id uuid primary key,
  position integer not null,
  name text not null,
  conditions jsonb not null,
  action jsonb not null,
  is_active boolean not null default true
);
create unique index on routing_rules (position) where is_active;

create table routing_decisions (
  id uuid primary key,
  case_id uuid not null references cases (id),
  decided_at timestamptz not null,
  rule_id uuid references routing_rules (id),
  assigned_unit_id uuid not null references units (id),
  duty text not null,
  because text not null,
  -- Each rule that was looked at, and why it did or did not match.
  trace jsonb not null
);
create index on routing_decisions (case_id);
