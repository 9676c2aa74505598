-- How each residents' group is listened to, and how our account stands in each group.

alter table groups drop constraint groups_listen_check;
alter table groups
  add constraint groups_listen_check
    check (listen in ('every_message', 'when_addressed', 'when_mentioned', 'keyword', 'on_forward')),
  -- Words and hashtags with which residents of this group address us.
  add column keywords text[] not null default '{}',
  add check (listen <> 'keyword' or cardinality(keywords) > 0),
  -- removed: our account is not in it; dissolved: nobody is; locked: only its admins may write. Nothing is sent there then.
  add column standing text not null default 'open' check (standing in ('open', 'locked', 'removed', 'dissolved')),
  -- Of the happening that the standing was learnt from; null: nothing was ever learnt.
  add column standing_since timestamptz,
  -- Its members are shown to its admins alone; null: to everybody.
  add column members_hidden_since timestamptz,
  -- What those on duty have been told of the two.
  add column told_standing text not null default 'open',
  add column told_members_hidden boolean not null default false,
  -- When the platform was last asked how it stands, and since when it should be asked again.
  add column looked_at timestamptz,
  add column look_wanted_at timestamptz;
