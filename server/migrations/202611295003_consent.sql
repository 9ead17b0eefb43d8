-- Lists of addresses never to be used, brought from elsewhere: where each list is from and why, who brought it, and
-- whether it was taken back. No address is kept; `suppression.import_id` says which entries a list brought.
create table suppression_import (
  org_id uuid not null,
  id uuid not null,
  source text not null,
  note text not null,
  scope text not null check (scope in ('all', 'marketing')),
  added integer not null default 0,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  undone_at timestamptz,
  undone_by text,
  primary key (org_id, id)
);
create index suppression_import_created on suppression_import (org_id, created_at desc, id desc);
call make_tenant_table('suppression_import');

alter table suppression add column import_id uuid;
create index suppression_of_import on suppression (org_id, import_id) where import_id is not null;
