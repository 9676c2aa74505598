-- Personal Zalo accounts: who agreed to using one, when it could hear nothing, and what people were told of it.

-- Driving a personal account breaks Zalo's terms, so a named person takes it on. The latest row of an account holds.
create table account_consents (
  id bigint generated always as identity primary key,
  account_id uuid not null references accounts (id),
  at timestamptz not null,
  what text not null check (what in ('given', 'withdrawn')),
  officer_id uuid not null references officers (id),
  -- As it was then: people change their names.
  officer_name text not null,
  -- What was agreed to, word for word.
  statement_version integer,
  statement text,
  check ((what = 'given') = (statement_version is not null)),
  check ((statement_version is null) = (statement is null))
);
create index on account_consents (account_id, id);
create trigger append_only before update or delete on account_consents for each row execute function refuse_change();

alter table accounts
  -- Until when a connection of it was surely up; written again and again, so that a process may die at any time.
  add column heard_until timestamptz,
  -- Of which login that was: a later one is not given the older one's messages.
  add column heard_login integer;

-- Periods in which nothing could be heard.
create table account_gaps (
  id bigint generated always as identity primary key,
  account_id uuid not null references accounts (id),
  began_at timestamptz not null,
  -- Null: it lasts.
  ended_at timestamptz,
  reason text not null,
  -- The login that was cut off.
  login_number integer not null,
  -- What was written meanwhile was asked for afterwards, and is kept.
  caught_up_at timestamptz,
  -- It cannot be asked for any more.
  lost_because text check (lost_because in ('new_login', 'too_long')),
  check (caught_up_at is null or lost_because is null)
);
create unique index on account_gaps (account_id) where ended_at is null;
create index on account_gaps (account_id, began_at);
create index on account_gaps (account_id) where caught_up_at is null and lost_because is null;

-- An account that does not work as it should, until it does again. Told once, and once that it is over.
create table account_troubles (
  account_id uuid primary key references accounts (id),
  state text not null,
  since timestamptz not null,
  -- Null: nobody could be told yet.
  told_at timestamptz
);

-- What a person should look into, told once a day at most.
create table account_alarms (
  account_id uuid not null references accounts (id),
  what text not null check (what in ('unread_frames')),
  day date not null,
  at timestamptz not null,
  detail text not null,
  primary key (account_id, what, day)
);
