-- What was looked up on the platform because the webhook left it out, and the files of residents' messages.

alter table events
  add column look_ups integer not null default 0,
  -- The look-up is over, whatever it brought.
  add column looked_up_at timestamptz;

create table files (
  id uuid primary key,
  event_id uuid not null references events (id),
  case_id uuid not null references cases (id),
  -- Among the attachments of its event, which hold the address.
  position integer not null,
  -- Among the files of its case: what officers call it by.
  number integer not null,
  kind text not null,
  state text not null default 'wanted' check (state in ('wanted', 'fetched', 'refused', 'failed', 'gone')),
  -- Its name in the folder of files: the hash of its bytes.
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes integer,
  media_type text,
  -- Why it was not fetched.
  reason text,
  tries integer not null default 0,
  changed_at timestamptz not null,
  unique (event_id, position),
  unique (case_id, number),
  check (state <> 'fetched' or (sha256 is not null and bytes is not null and media_type is not null))
);
create index on files (changed_at) where state = 'wanted';

-- A file that is sent on has a row of the outbox like any other message, and only officers are sent any.
alter table outbox add column file_id uuid references files (id);
alter table outbox add check ((kind = 'file') = (file_id is not null));
alter table outbox add check (kind <> 'file' or audience = 'officer');

-- A case that becomes restricted also takes back its pictures on their way to a group.
create or replace function withdraw_outbox() returns trigger language plpgsql as $$
begin
  update outbox set state = 'cancelled', error_code = 'restricted', changed_at = new.changed_at
    where case_id = new.id and (audience in ('public', 'resident') or (kind = 'file' and place_kind = 'group'))
      and state in ('held', 'pending');
  return new;
end $$;
