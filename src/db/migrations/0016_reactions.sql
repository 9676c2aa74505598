-- In a group a question is acknowledged by a reaction to it. It has no words, so it carries neither code nor number.

alter table outbox drop constraint outbox_kind_check;
alter table outbox add constraint outbox_kind_check check (kind in
  ('acknowledgement', 'reaction', 'answer', 'private_reply', 'edit', 'delete', 'hide', 'unhide', 'post',
    'photo', 'card', 'notice', 'approval', 'file'));

alter table outbox drop constraint outbox_check;
alter table outbox add constraint outbox_check
  check ((audience in ('officer', 'moderation') or kind in ('edit', 'reaction') or case_id is null) = (ordinal is null));
alter table outbox drop constraint outbox_check2;
alter table outbox add constraint outbox_check2
  check ((kind in ('reaction', 'private_reply', 'edit', 'delete', 'hide', 'unhide')) = (target_id is not null));
alter table outbox add constraint outbox_reaction_check check (kind <> 'reaction' or audience = 'public');
