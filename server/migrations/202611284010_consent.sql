-- Requests of people for what is held about them, or to be forgotten: who asked, by when it is due, who did what.
-- After an erasure the row keeps a number that names nobody.
create table privacy_request (
  org_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('access', 'erasure')),
  state text not null check (state in ('open', 'running', 'completed', 'rejected')),
  contact_id bigint not null,
  note text not null default '',
  received_at timestamptz not null,
  due_at timestamptz not null,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  started_by text,
  started_at timestamptz,
  ended_at timestamptz,
  ended_by text,
  rejected_because text,
  -- The archive of an access request: how large, how long its link works, how often it was fetched.
  archive_bytes bigint,
  archive_expires_at timestamptz,
  downloads integer not null default 0,
  downloaded_at timestamptz,
  -- What an erasure found of the person in words of members: table and number of rows.
  mentions jsonb,
  primary key (org_id, id)
);
create index privacy_request_created on privacy_request (org_id, created_at desc, id desc);
create index privacy_request_contact on privacy_request (org_id, contact_id);
create index privacy_request_archive on privacy_request (org_id, archive_expires_at) where archive_bytes is not null;
call make_tenant_table('privacy_request');

-- What the preference centre of an organization shows: texts, topics, channels, colours. The highest version is in
-- force; every word that a person gives names the version that they saw.
create table preference_center (
  org_id uuid not null,
  version integer not null,
  design jsonb not null,
  created_by text not null,
  created_at timestamptz not null,
  primary key (org_id, version)
);
call make_tenant_table('preference_center');

-- How long each kind of personal data is kept. No row: as long as the contact is there.
create table retention_rule (
  org_id uuid not null,
  subject text not null,
  keep_days integer not null check (keep_days > 0),
  updated_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  applied_at timestamptz,
  removed bigint not null default 0,
  primary key (org_id, subject)
);
call make_tenant_table('retention_rule');
