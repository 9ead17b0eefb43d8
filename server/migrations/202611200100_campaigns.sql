-- Plans to reach an audience.
create table campaign (
  org_id uuid not null,
  id uuid not null,
  name text not null,
  description text not null default '',
  type text not null check (type in ('ppv', 'subscription', 'promotion', 'engagement', 'retention')),
  delivery text not null default 'scheduled' check (delivery in ('scheduled', 'triggered')),
  status text not null check (status in ('draft', 'scheduled', 'active', 'running', 'paused', 'completed', 'cancelled', 'failed')),
  paused_from text,
  channels text[] not null default '{email}',
  goals jsonb not null default '[]',
  starts_on date,
  ends_on date,
  budget_minor bigint,
  audience jsonb not null,
  content jsonb not null,
  schedule jsonb,
  scheduled_at timestamptz,
  version integer not null default 1,
  cloned_from uuid,
  status_at timestamptz not null,
  status_by text not null,
  launched_at timestamptz,
  completed_at timestamptz,
  archived_at timestamptz,
  deleted_at timestamptz,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, id)
);
create index campaign_created on campaign (org_id, created_at desc, id desc) where deleted_at is null;
create index campaign_name on campaign (org_id, lower(name) text_pattern_ops, id);
create index campaign_scheduled on campaign (org_id, scheduled_at, id) where scheduled_at is not null;
call make_tenant_table('campaign');

-- What a campaign was at each saved version, for history and restore. Saves by one person within minutes share a row.
create table campaign_revision (
  org_id uuid not null,
  campaign_id uuid not null,
  version integer not null,
  saved_at timestamptz not null,
  saved_by text not null,
  plan jsonb not null,
  primary key (org_id, campaign_id, version)
);
call make_tenant_table('campaign_revision');
