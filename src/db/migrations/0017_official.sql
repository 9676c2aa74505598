-- What an officer wrote without saying what it is about, where quotes are not told: what they were asked about, so that
-- their yes is a yes to exactly that.
create table offers (
  event_id uuid primary key references events (id) on delete cascade,
  -- A case that it may be for, something that waits for a yes, or a post of ours.
  what text not null check (what in ('case', 'question', 'post')),
  case_id uuid references cases (id),
  outbox_id uuid references outbox (id),
  offered_at timestamptz not null,
  check ((what = 'case') = (case_id is not null)),
  check ((what = 'case') = (outbox_id is null))
);

-- Zalo tells too when somebody wants what is kept about them deleted.
alter table platform_requests drop constraint platform_requests_platform_check;
alter table platform_requests add constraint platform_requests_platform_check
  check (platform in ('facebook', 'zalo_oa'));

-- In which state of an official account its officers have been told of it: each once.
create table account_news (
  account_id uuid primary key references accounts (id) on delete cascade,
  told_state text not null,
  told_at timestamptz not null
);
