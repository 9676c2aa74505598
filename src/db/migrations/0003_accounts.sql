-- Our accounts on the platforms, their groups, and officers' identities as each account sees them.

create table accounts (
  id uuid primary key,
  platform text not null check (platform in ('facebook', 'zalo')),
  external_id text not null,
  unit_id uuid not null references units (id),
  name text not null,
  -- Sealed: a Page token, a Zalo session. Whoever has it is the account.
  secret bytea not null,
  -- Grows with each login by a person; an open connection notices that its session is an old one.
  login_number integer not null default 0,
  state text not null default 'unknown'
    check (state in ('unknown', 'connected', 'reconnecting', 'needs_qr', 'evicted', 'suspended', 'stopped')),
  state_reason text,
  state_changed_at timestamptz not null,
  last_event_at timestamptz,
  -- Whatever the account wrote before this moment is in our store (both backfills answered).
  caught_up_at timestamptz,
  catch_up_wanted_at timestamptz,
  -- One listener per account across processes; the fence grows with each new owner.
  listener text,
  listener_until timestamptz not null default '-infinity',
  listener_fence bigint not null default 0,
  created_at timestamptz not null,
  unique (platform, external_id)
);

create table groups (
  id uuid primary key,
  account_id uuid not null references accounts (id),
  external_id text not null,
  unit_id uuid not null references units (id),
  name text not null,
  audience text not null check (audience in ('residents', 'officers')),
  listen text not null default 'when_addressed' check (listen in ('every_message', 'when_addressed')),
  unique (account_id, external_id)
);

-- A platform's user id means something only together with the account that sees it.
create table officer_identities (
  account_id uuid not null references accounts (id),
  external_id text not null,
  officer_id uuid not null references officers (id),
  bound_at timestamptz not null,
  primary key (account_id, external_id)
);
create index on officer_identities (officer_id);

-- A code is shown once and kept only as a hash.
create table officer_invites (
  code_hash bytea primary key,
  officer_id uuid not null references officers (id),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
