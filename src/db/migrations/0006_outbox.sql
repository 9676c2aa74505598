-- Every intended message is a row before it is anything else.

create table outbox (
  id uuid primary key,
  account_id uuid not null references accounts (id),
  unit_id uuid not null references units (id),
  case_id uuid references cases (id),
  -- The event or answer that this message is owed to.
  origin_id uuid not null,
  kind text not null check (kind in
    ('acknowledgement', 'answer', 'private_reply', 'edit', 'delete', 'hide', 'unhide', 'post',
      'photo', 'card', 'notice', 'approval', 'file')),
  -- moderation: nothing of a case leaves; what stands on the platform is taken down, hidden or shown again.
  audience text not null check (audience in ('public', 'resident', 'moderation', 'officer')),
  version integer not null default 1,
  -- The number behind the case code at the end of the text; officers' messages have none.
  ordinal integer,
  address jsonb not null,
  address_key text not null,
  -- The chat or post in which it will stand; an echo is matched by it.
  place_kind text not null check (place_kind in ('post', 'group', 'direct')),
  place_id text not null,
  text text not null,
  -- What stands on the platform already and is acted upon: answered privately, edited, taken down, hidden, shown again.
  target_id text,
  -- What goes out below the text of a post.
  link text,
  lane smallint not null check (lane between 1 and 5),
  due_at timestamptz not null,
  state text not null default 'pending' check (state in
    ('held', 'pending', 'sending', 'sent', 'confirmed', 'rejected', 'cancelled', 'unknown', 'needs_person', 'removed')),
  attempts integer not null default 0,
  fence bigint,
  first_claimed_at timestamptz,
  claimed_at timestamptz,
  -- From here on the platform gets nothing more of the latest attempt: what is absent after this moment stays absent.
  attempt_ended_at timestamptz,
  -- While unknown: what to do once its absence is proved.
  if_absent text check (if_absent in ('retry', 'reject')),
  next_look_at timestamptz,
  looks integer not null default 0,
  message_id text,
  error_code text,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  -- The same intention twice is the same row.
  unique (origin_id, kind, address_key, version),
  unique (case_id, ordinal),
  -- An edit keeps the number of what it edits; a post without a case ends in a mark of its own.
  check ((audience in ('officer', 'moderation') or kind = 'edit' or case_id is null) = (ordinal is null)),
  -- Only a post belongs to no case, and what is done about that post.
  check (audience = 'officer' or case_id is not null or kind in ('post', 'edit', 'delete')),
  check ((kind in ('private_reply', 'edit', 'delete', 'hide', 'unhide')) = (target_id is not null)),
  check ((kind in ('delete', 'hide', 'unhide')) = (audience = 'moderation')),
  check (audience <> 'moderation' or text = ''),
  check (kind <> 'private_reply' or audience = 'resident'),
  check (kind not in ('edit', 'post') or audience = 'public'),
  check (kind = 'post' or link is null)
);
create index on outbox (account_id, lane, due_at, id) where state = 'pending';
create index on outbox (case_id) where state = 'held';
create index on outbox (claimed_at) where state = 'sending';
create index on outbox (next_look_at) where state in ('unknown', 'sent');
create index on outbox (account_id, place_id) where state in ('sending', 'sent', 'unknown', 'needs_person');
create index on outbox (account_id, message_id);
-- What an account said last when it acknowledged: the next one is worded otherwise.
create index on outbox (account_id, created_at) where kind = 'acknowledgement';
create index on outbox (account_id, target_id) where target_id is not null;
-- Whose chat a private reply has opened.
create index on outbox (account_id, place_id) where kind = 'private_reply';
create index on outbox (case_id);

-- What may follow what; the same table stands in src/outbox/outbound.ts and a test keeps the two equal.
create table outbox_transitions (from_state text, to_state text, primary key (from_state, to_state));
insert into outbox_transitions values
  ('held', 'pending'), ('held', 'cancelled'), ('held', 'unknown'),
  ('pending', 'sending'), ('pending', 'held'), ('pending', 'cancelled'), ('pending', 'unknown'),
  ('sending', 'sent'), ('sending', 'pending'), ('sending', 'rejected'), ('sending', 'unknown'), ('sending', 'confirmed'),
  ('sending', 'needs_person'), ('sending', 'cancelled'), ('sending', 'held'),
  ('unknown', 'sent'), ('unknown', 'confirmed'), ('unknown', 'pending'), ('unknown', 'rejected'),
  ('unknown', 'needs_person'), ('unknown', 'cancelled'), ('unknown', 'held'),
  ('needs_person', 'sent'), ('needs_person', 'confirmed'), ('needs_person', 'pending'), ('needs_person', 'cancelled'),
  ('needs_person', 'held'),
  ('sent', 'confirmed'), ('sent', 'needs_person'),
  ('confirmed', 'needs_person'),
  ('sent', 'removed'), ('confirmed', 'removed');

-- The last wall: whatever a program believes, nothing of a restricted case leaves towards the public or a resident.
-- Taking down and hiding carry no text (a check sees to it), so they are allowed: they are what protects people then.
-- The case row is locked for share, so a case cannot become restricted between this look and the commit.
create function guard_outbox() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.state <> old.state and not exists (
    select from outbox_transitions where from_state = old.state and to_state = new.state
  ) then
    raise exception 'outbox row % cannot go from % to %', old.id, old.state, new.state
      using errcode = 'integrity_constraint_violation';
  end if;
  if new.audience in ('public', 'resident') and new.state in ('held', 'pending', 'sending')
    and not (new.case_id is null and (new.kind = 'post' or (new.kind = 'edit' and exists (
      select from outbox where account_id = new.account_id and message_id = new.target_id
        and kind = 'post' and case_id is null
    )))) and not exists (
    select from cases where id = new.case_id and confidentiality = 'public' for share
  ) then
    raise exception 'case % is restricted: nothing of it may leave', new.case_id
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger guard_outbox before insert or update of state, audience, kind, case_id on outbox
  for each row execute function guard_outbox();

-- A case that becomes restricted takes back whatever of it has not left yet.
create function withdraw_outbox() returns trigger language plpgsql as $$
begin
  update outbox set state = 'cancelled', error_code = 'restricted', changed_at = new.changed_at
    where case_id = new.id and audience in ('public', 'resident') and state in ('held', 'pending');
  return new;
end $$;
create trigger withdraw_outbox after update of confidentiality on cases
  for each row when (new.confidentiality = 'restricted' and old.confidentiality = 'public')
  execute function withdraw_outbox();

-- Who may send next: one message at a time per account, its pace, pause and breaker.
create table account_lanes (
  account_id uuid primary key references accounts (id),
  platform text not null,
  busy_until timestamptz not null default '-infinity',
  fence bigint not null default 0,
  last_served timestamptz not null default '-infinity',
  next_send_at timestamptz not null default '-infinity',
  paused_until timestamptz not null default '-infinity',
  pause_reason text,
  sent_on date,
  sent_today integer not null default 0
);
create index on account_lanes (platform, last_served);
