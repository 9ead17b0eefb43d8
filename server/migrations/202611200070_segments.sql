-- Named rules over contacts (dynamic) and lists (static).
create table segment (
  org_id uuid not null,
  id uuid not null,
  name text not null,
  description text not null default '',
  kind text not null check (kind in ('dynamic', 'static')),
  rule jsonb,
  size integer,
  size_at timestamptz,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  primary key (org_id, id),
  check ((kind = 'dynamic') = (rule is not null))
);
create unique index segment_name on segment (org_id, lower(name)) where deleted_at is null;
call make_tenant_table('segment');

-- Members of static segments. (Membership of dynamic ones follows their rule.)
create table segment_member (
  org_id uuid not null,
  segment_id uuid not null,
  contact_id bigint not null,
  added_at timestamptz not null,
  added_by text not null,
  primary key (org_id, segment_id, contact_id)
);
create index segment_member_contact on segment_member (org_id, contact_id);
call make_tenant_table('segment_member');
