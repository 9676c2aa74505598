-- What is watched over on each of our Pages: its token, its subscription, its silence, and what its webhooks missed.

-- In which hours something came from an account by itself: its usual rhythm, kept longer than the events.
create table account_hours (
  account_id uuid not null references accounts (id),
  hour timestamptz not null,
  primary key (account_id, hour)
);

create table page_watch (
  account_id uuid primary key references accounts (id),
  -- When a person last gave the Page a token. It is unproved until something was heard after that.
  connected_at timestamptz,

  token_due_at timestamptz not null default 'epoch',
  token_checked_at timestamptz,
  -- Null after a check: the token is good. Otherwise a word such as "invalid".
  token_problem text,
  missing_scopes text[] not null default '{}',
  -- The stop (accounts.state_changed_at) after which the token was asked for at once.
  stop_seen_at timestamptz,
  -- The token or its access to data ends here; null: never.
  token_expires_at timestamptz,

  subscription_due_at timestamptz not null default 'epoch',
  subscription_checked_at timestamptz,
  subscription_problem text,
  repairs integer not null default 0,
  repaired_at timestamptz,

  silence_due_at timestamptz not null default 'epoch',
  -- When it was last heard, while that is longer ago than is usual for it.
  silent_since timestamptz,

  reconcile_due_at timestamptz not null default 'epoch',
  reconciled_at timestamptz,
  reconcile_problem text,
  -- Of the last complete reading: how many writings stood there, and how many of them nobody had told us of.
  found integer,
  missed integer,
  -- Of all readings together.
  missed_in_all bigint not null default 0,

  -- What the officers have been told of: each change once.
  told_stopped_at timestamptz,
  told_silent_since timestamptz,
  told_expiry_at timestamptz,
  -- Until when Facebook keeps the Page from writing.
  told_paused_until timestamptz
);

-- What Facebook asked in the name of a person who had logged in to our app. The person's id is kept as a hash only.
create table platform_requests (
  -- What the person can ask the status with.
  code text primary key,
  platform text not null check (platform in ('facebook')),
  kind text not null check (kind in ('deauthorize', 'data_deletion')),
  -- The same request again is the same row.
  request_hash bytea not null unique,
  user_hash bytea not null,
  requested_at timestamptz not null
);
