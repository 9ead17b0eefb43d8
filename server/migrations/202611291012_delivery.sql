-- Limits per provider, per receiving domain and, while it is warmed up, per sending domain.
alter table throttle drop constraint throttle_scope_check;
alter table throttle add constraint throttle_scope_check
  check (scope in ('campaign', 'channel', 'organization', 'provider', 'receiver', 'sender'));
-- How many of a day's allowance are taken: the messages of a sending domain that is warmed up.
alter table throttle add column counted_on date, add column counted integer not null default 0;

-- People of a receiving domain that has a limit wait in chunks of their own, so that nobody else waits with them.
alter table chunk
  -- The limit that holds for all of them; null where none does.
  add column receiver text,
  -- The receivers that were taken out of it, as they were set then.
  add column shaped_by text;

-- How a sending domain is warmed up: so many messages on each of its days, then without a limit.
create table warmup (
  org_id uuid not null,
  domain text not null,
  volumes integer[] not null,
  -- The first day, and the zone in which days begin.
  started_on date not null,
  time_zone text not null,
  -- Days that were no step forward, because too many messages bounced or were complained about.
  held_days integer not null default 0,
  -- The last day that was looked at.
  judged_on date,
  updated_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, domain)
);
call make_tenant_table('warmup');
