-- How fast an organization sends: limits per organization, channel, receiving domain, and what campaigns begin with.
create table sending_limits (
  org_id uuid not null,
  limits jsonb not null,
  updated_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id)
);
call make_tenant_table('sending_limits');

-- Up to when the messages of a limit are taken, in microseconds since 1970: what all workers share of it. Integers,
-- because instants are not calculated with in updates.
create table throttle (
  org_id uuid not null,
  scope text not null check (scope in ('campaign', 'channel', 'organization')),
  key text not null,
  taken_until_us bigint not null,
  updated_at timestamptz not null,
  primary key (org_id, scope, key)
);
call make_tenant_table('throttle');
create index throttle_age on throttle (org_id, updated_at);
