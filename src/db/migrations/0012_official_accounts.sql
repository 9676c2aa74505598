-- Official Accounts of Zalo: their sealed secret holds a pair of tokens and what signs their webhooks.

alter table accounts drop constraint accounts_platform_check;
alter table accounts add constraint accounts_platform_check check (platform in ('facebook', 'zalo', 'zalo_oa'));

alter table deliveries drop constraint deliveries_platform_check;
alter table deliveries add constraint deliveries_platform_check check (platform in ('facebook', 'zalo', 'zalo_oa'));
