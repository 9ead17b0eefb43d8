-- A comparison of contents in one campaign: how it is set up, how people are split, where it stands, how it ended.
create table experiment (
  org_id uuid not null,
  id uuid not null,
  campaign_id uuid not null,
  name text not null,
  state text not null default 'draft' check (state in ('draft', 'running', 'decided', 'stopped')),
  -- What its author chose: metric, confidence, minimum sample, horizon and so on.
  settings jsonb not null,
  -- [{ no, name, percent, isControl, content }]; content null is the campaign's own.
  variants jsonb not null,
  -- Frozen at launch: salts, holdout, ranges of points.
  split jsonb,
  run_id uuid,
  -- Frozen at launch, before any outcome: what the clock of the evidence runs by.
  planned_recipients integer,
  baseline_rate double precision,
  second_moment double precision,
  window_minutes integer,
  launched_at timestamptz,
  -- The latest look, and the smallest p of all looks per pair.
  looked_at timestamptz,
  verdict jsonb,
  smallest_p jsonb not null default '{}',
  -- How it ended, with everything that went into it. Never changed by later events.
  decision jsonb,
  decided_at timestamptz,
  decided_by text,
  applied_at timestamptz,
  applied_by text,
  -- Figures that others report for a variant, beside what is measured here.
  reported jsonb not null default '{}',
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, id)
);
create index experiment_campaign on experiment (org_id, campaign_id, created_at desc);
create index experiment_run on experiment (org_id, run_id) where run_id is not null;
call make_tenant_table('experiment');

-- Who of a test did something within its window. People are counted, never events; whoever did nothing has no row.
create table experiment_outcome (
  org_id uuid not null,
  experiment_id uuid not null,
  contact_id bigint not null,
  variant smallint not null,
  opened integer not null default 0,
  clicked integer not null default 0,
  unsubscribed integer not null default 0,
  complained integer not null default 0,
  first_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, experiment_id, contact_id)
);
create index experiment_outcome_contact on experiment_outcome (org_id, contact_id);
call make_tenant_table('experiment_outcome');
