-- One row of facts about this installation, and named switches that every process reads.

create table installation (
  only_one boolean primary key default true check (only_one),
  -- A store that has seen real accounts never meets simulators, and the other way round.
  kind text not null check (kind in ('real', 'simulated')),
  created_at timestamptz not null
);

create table switches (
  name text primary key check (name in ('publishing')),
  is_on boolean not null,
  changed_at timestamptz not null,
  reason text
);
insert into switches (name, is_on, changed_at) values ('publishing', true, now());

-- Things that arrive and are counted without being kept: bad signatures, reactions, unknown pages …
create table counters (
  day date not null,
  name text not null,
  reason text not null,
  amount bigint not null default 0,
  primary key (day, name, reason)
);
