-- Units, the people who answer for them, and how a person is recognised in chat.

create table units (
  id uuid primary key,
  -- Stable and readable, e.g. "xa-cat-ngan"; names are not identifiers, they repeat and change.
  code text not null unique check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name text not null,
  kind text not null check (kind in ('province', 'commune', 'area', 'group')),
  parent_id uuid references units (id),
  -- Who signs a public answer of this unit.
  signature text not null,
  valid_from date not null,
  valid_to date check (valid_to is null or valid_to >= valid_from)
);
create index on units (parent_id);

create table officers (
  id uuid primary key,
  display_name text not null,
  created_at timestamptz not null
);

-- A duty is held in a unit for a period. `answers` takes its public cases, `restricted_desk` those kept from the public;
-- `approves` agrees to what its officers want to publish, `administers` may stop publishing.
create table duties (
  id uuid primary key,
  officer_id uuid not null references officers (id),
  unit_id uuid not null references units (id),
  duty text not null check (duty in ('answers', 'restricted_desk', 'approves', 'administers')),
  valid_from date not null,
  valid_to date check (valid_to is null or valid_to >= valid_from)
);
create index on duties (unit_id, duty);
