-- One occurrence of a campaign, its frozen chunks, and the sub-batches that are between us and a provider.
create table run (
  org_id uuid not null,
  id uuid not null,
  campaign_id uuid not null,
  run_no integer not null,
  month date not null,
  channel text not null,
  purpose text not null default 'marketing',
  state text not null check (state in ('resolving', 'running', 'paused', 'completed', 'cancelled', 'failed')),
  audience jsonb not null,
  version_id uuid not null,
  seed bigint not null,
  audience_size integer,
  resolved_through bigint not null default 0,
  resolve_until bigint,
  resolved_at timestamptz,
  planned_at timestamptz not null,
  started_at timestamptz not null,
  first_handover_at timestamptz,
  completed_at timestamptz,
  stopped_at timestamptz,
  stopped_by text,
  failure text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, campaign_id, run_no)
);
call make_tenant_table('run');

-- A frozen slice of a run's audience: the unit that workers lease. done_count contacts of it have an outcome.
create table chunk (
  org_id uuid not null,
  run_id uuid not null,
  chunk_no integer not null,
  contact_ids bigint[] not null,
  done_count integer not null default 0,
  state text not null default 'ready' check (state in ('ready', 'done', 'cancelled')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, run_id, chunk_no)
);
call make_tenant_table('chunk');

-- Written before a provider is called and removed with the outcome: what is still here after a crash is unknown.
create table armed_batch (
  org_id uuid not null,
  run_id uuid not null,
  chunk_no integer not null,
  batch_start integer not null,
  contact_ids bigint[] not null,
  attempt integer not null,
  armed_at timestamptz not null,
  primary key (org_id, run_id, chunk_no, batch_start)
);
call make_tenant_table('armed_batch');
