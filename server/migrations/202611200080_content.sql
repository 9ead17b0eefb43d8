-- Templates to start from, and immutable versions of mails as campaigns send them.
create table template (
  org_id uuid not null,
  id uuid not null,
  name text not null,
  description text not null default '',
  locale text not null,
  source jsonb not null,
  version integer not null default 1,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  primary key (org_id, id)
);
create index template_recent on template (org_id, updated_at desc, id desc);
call make_tenant_table('template');

create table mail_version (
  org_id uuid not null,
  id uuid not null,
  source jsonb not null,
  compiled jsonb not null,
  campaign_name text not null,
  content_hash bytea not null,
  created_by text not null,
  created_at timestamptz not null,
  primary key (org_id, id)
);
call make_tenant_table('mail_version');
