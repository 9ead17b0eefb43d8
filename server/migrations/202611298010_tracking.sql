-- Short links of text messages name their source by a number instead of its key of 64 bits. Only sources that write
-- such links take one, so that the numbers stay short.
create sequence token_short_no;
alter table token_source add column short_no bigint;
create index token_source_short on token_source (short_no, org_id) where short_no is not null;

-- The domain of an organization's own that its short links stand on; used while `live_since` says that it works.
create table link_domain (
  org_id uuid primary key,
  host text not null,
  findings jsonb,
  checked_at timestamptz,
  live_since timestamptz,
  set_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
call make_tenant_table('link_domain');
