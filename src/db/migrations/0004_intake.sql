-- What arrived, exactly as it arrived, and the events read out of it.

create table deliveries (
  id uuid primary key,
  platform text not null check (platform in ('facebook', 'zalo')),
  -- Which account's connection brought it; null where one delivery may serve several accounts.
  account_external_id text,
  lane smallint not null check (lane between 1 and 5),
  received_at timestamptz not null,
  -- The same bytes again are the same delivery.
  digest bytea not null unique,
  body bytea not null,
  state text not null default 'received' check (state in ('received', 'normalised', 'failed')),
  attempts integer not null default 0,
  error_code text,
  normalised_at timestamptz
);
create index on deliveries (lane, received_at) where state = 'received';
create index on deliveries (received_at);

create table events (
  id uuid primary key,
  delivery_id uuid not null,
  account_id uuid not null references accounts (id),
  unit_id uuid not null references units (id),
  kind text not null,
  dedupe_key text not null,
  lane smallint not null check (lane between 1 and 5),
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  place_kind text not null check (place_kind in ('post', 'group', 'direct')),
  place_id text not null,
  thread_key text not null,
  message_id text,
  author_id text,
  author_name text,
  text text,
  quoted_message_id text,
  mentions_account boolean not null,
  attachments jsonb not null,
  echo_mark text,
  address jsonb,
  -- Null until somebody has looked at it; then what became of it.
  outcome text,
  closed_at timestamptz,
  unique (account_id, dedupe_key)
);
create index on events (recorded_at) where closed_at is null;
create index on events (account_id, message_id);
create index on events (account_id, thread_key, occurred_at);
-- When a person last wrote to us 1:1, which decides how long we may write back.
create index on events (account_id, place_id, occurred_at) where place_kind = 'direct';
