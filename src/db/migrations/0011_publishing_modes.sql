-- What residents may read of us: publishing modes, what waits for a person's yes, and periods in which we keep still.

-- Whoever changes what may leave is written down here; the latest mode of a scope is the one that holds. Append-only.
create table publishing_changes (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  what text not null check (what in ('stopped', 'resumed', 'mode', 'released')),
  -- What it is about; none of the three: the whole installation.
  unit_id uuid references units (id),
  account_id uuid references accounts (id),
  group_id uuid references groups (id),
  -- Of a change of mode; null: this scope says nothing any more.
  mode text check (mode in ('listen_only', 'approve_all', 'publish')),
  -- Who: an officer in chat, or else in words ("command line (root)").
  officer_id uuid references officers (id),
  actor text,
  reason text,
  check (num_nonnulls(unit_id, account_id, group_id) <= 1),
  check (num_nonnulls(officer_id, actor) = 1),
  check (what = 'mode' or mode is null)
);
create index on publishing_changes (account_id, group_id, unit_id, id) where what = 'mode';
create trigger append_only before update or delete on publishing_changes for each row execute function refuse_change();

create view publishing_modes as
  select unit_id, account_id, group_id, mode
  from (
    select distinct on (unit_id, account_id, group_id) unit_id, account_id, group_id, mode
    from publishing_changes where what = 'mode'
    order by unit_id, account_id, group_id, id desc
  ) latest
  where mode is not null;

-- Nothing that residents can read leaves in such a period, of this unit and those below it; without a unit: of all.
create table freezes (
  id uuid primary key,
  unit_id uuid references units (id),
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  reason text not null
);

alter table outbox
  -- Why it was held. Stays until a person lets it go, so that whatever happens in between it is held again.
  add column held_by text check (held_by in ('listen_only', 'approve_all')),
  add column approved_by uuid references officers (id),
  add column approved_at timestamptz,
  -- Given back to its author instead. The reason of an answer stands with the answer, where it can be erased.
  add column returned_by uuid references officers (id),
  add column returned_at timestamptz,
  add check (state <> 'held' or audience <> 'officer'),
  add check ((approved_by is null) = (approved_at is null)),
  add check ((returned_by is null) = (returned_at is null));

-- Given back to its author instead of being published.
alter table answers
  add column returned_by uuid references officers (id),
  add column returned_at timestamptz,
  add column return_reason text;
