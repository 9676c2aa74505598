-- What was looked up on the platform because the webhook left it out, and the files of messages.

alter table events
  add column look_ups integer not null default 0,
  -- The look-up is over, whatever it brought.
  add column looked_up_at timestamptz;

create table files (
  id uuid primary key,
  event_id uuid not null references events (id),
  -- Of a resident's file: where it is shown. Null: an officer's photo.
  case_id uuid references cases (id),
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

-- A photo that an officer sent without words waits for the answer of the same officer.
create table offered_photos (
  file_id uuid primary key references files (id),
  case_id uuid not null references cases (id),
  officer_id uuid not null references officers (id),
  offered_at timestamptz not null
);
create index on offered_photos (case_id, officer_id);

-- A file that is sent on has a row of the outbox like any other message: to officers as kind file; with an answer or a
-- post of theirs, or (photo) after an answer where one message cannot hold both.
alter table outbox add column file_id uuid references files (id);
alter table outbox add check (kind not in ('file', 'photo') or file_id is not null);
alter table outbox add check (file_id is null or kind in ('file', 'photo', 'answer', 'post'));
alter table outbox add check (kind <> 'file' or audience = 'officer');
alter table outbox add check (kind <> 'photo' or audience in ('public', 'resident'));

-- A case that becomes restricted also takes back its pictures on their way to a group, and does not show its comment again.
create or replace function withdraw_outbox() returns trigger language plpgsql as $$
begin
  update outbox set state = 'cancelled', error_code = 'restricted', changed_at = new.changed_at
    where case_id = new.id
      and (audience in ('public', 'resident') or kind = 'unhide' or (kind = 'file' and place_kind = 'group'))
      and state in ('held', 'pending');
  return new;
end $$;
