-- Bots of the official Zalo Bot Platform: their sealed secret holds a token and what their webhooks repeat.

alter table accounts drop constraint accounts_platform_check;
alter table accounts add constraint accounts_platform_check
  check (platform in ('facebook', 'zalo', 'zalo_oa', 'zalo_bot'));

alter table deliveries drop constraint deliveries_platform_check;
alter table deliveries add constraint deliveries_platform_check
  check (platform in ('facebook', 'zalo', 'zalo_oa', 'zalo_bot'));
