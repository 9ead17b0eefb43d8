-- Looks at runs that were made: each run is judged once at each age.
create table anomaly_look (
  org_id uuid not null,
  run_id uuid not null,
  stage text not null check (stage in ('early', 'day', 'days3')),
  looked_at timestamptz not null,
  primary key (org_id, run_id, stage)
);
create index anomaly_look_age on anomaly_look (org_id, looked_at);
call make_tenant_table('anomaly_look');

-- What was unusual about a run on a channel. The key makes it one alarm, at whatever age it was seen first.
create table anomaly (
  org_id uuid not null,
  id uuid not null,
  campaign_id uuid not null,
  run_id uuid not null,
  channel text not null,
  metric text not null,
  stage text not null,
  direction text not null check (direction in ('high', 'low')),
  part bigint not null,
  whole bigint not null,
  -- Shares; messages for volume, minor units per buyer for order_value.
  usual_median double precision not null,
  usual_low double precision not null,
  usual_high double precision not null,
  peers integer not null,
  p double precision not null,
  -- { kind, label, part, whole }
  cause jsonb not null,
  run_started_at timestamptz not null,
  found_at timestamptz not null,
  -- Members whom a mail has reached: a repeated job leaves them out.
  mailed_to uuid[] not null default '{}',
  acknowledged_at timestamptz,
  acknowledged_by text,
  note text not null default '',
  -- True: later runs are compared with this one, too.
  is_usual boolean not null default false,
  primary key (org_id, id),
  unique (org_id, run_id, channel, metric)
);
create index anomaly_latest on anomaly (org_id, found_at desc, id desc);
create index anomaly_campaign on anomaly (org_id, campaign_id, found_at desc, id desc);
call make_tenant_table('anomaly');

-- Members who asked to be told of anomalies by mail.
create table anomaly_watcher (
  org_id uuid not null,
  person_id uuid not null,
  chosen_at timestamptz not null,
  primary key (org_id, person_id)
);
call make_tenant_table('anomaly_watcher');
