-- Questions that are asked again and again, and when their answers are mailed.
create table saved_report (
  org_id uuid not null,
  id uuid not null,
  name text not null,
  question jsonb not null,
  -- Null: nobody is mailed. A wall time in the zone of the organization, daily, weekly or monthly.
  schedule jsonb,
  -- Members who are mailed.
  recipients uuid[] not null default '{}',
  next_at timestamptz,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, id)
);
call make_tenant_table('saved_report');

-- One row per planned instant: the key is what makes it one mail, however many workers look.
create table report_mailing (
  org_id uuid not null,
  report_id uuid not null,
  planned_at timestamptz not null,
  -- Whom it has reached: a repeated job leaves them out.
  mailed_to uuid[] not null default '{}',
  started_at timestamptz not null,
  completed_at timestamptz,
  primary key (org_id, report_id, planned_at)
);
call make_tenant_table('report_mailing');

-- Links that show an answer to whoever holds them, until they expire or are taken back.
create table report_share (
  org_id uuid not null,
  id uuid not null,
  title text not null,
  question jsonb not null,
  locale text not null,
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_by text,
  views integer not null default 0,
  last_viewed_at timestamptz,
  primary key (org_id, id)
);
create index report_share_latest on report_share (org_id, created_at desc, id desc);
call make_tenant_table('report_share');
