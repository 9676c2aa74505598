-- What officers answered, version by version.

create table answers (
  id uuid primary key,
  case_id uuid not null references cases (id),
  version integer not null,
  officer_id uuid not null references officers (id),
  -- The chat message it was typed in: the same message never makes two answers.
  event_id uuid not null unique references events (id),
  text text not null,
  created_at timestamptz not null,
  unique (case_id, version)
);
