-- Named rules over contacts (dynamic) and lists (static).

-- Letter case as rules see it, the same on every server and the same as `fold` in segments/rules/fold.ts: letter by
-- letter, by Unicode's simple mappings, whatever the locale of the database. Greek's final sigma counts as sigma.
-- PostgreSQL 17 brings these mappings itself; before, ICU has them, and needs its one two-part letter taken first.
do $$
begin
  if current_setting('server_version_num')::int >= 170000 then
    execute $definition$
      create function segment_fold(value text) returns text language sql immutable parallel safe strict
      as $body$ select translate(lower($1 collate "pg_c_utf8"), 'ς', 'σ') $body$
    $definition$;
  else
    execute $definition$
      create function segment_fold(value text) returns text language sql immutable parallel safe strict
      as $body$ select translate(lower(translate($1, 'İ', 'i') collate "und-x-icu"), 'ς', 'σ') $body$
    $definition$;
  end if;
end $$;

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
  deleted_by text,
  primary key (org_id, id),
  check ((kind = 'dynamic') = (rule is not null))
);
create unique index segment_name on segment (org_id, lower(name)) where deleted_at is null;
create index segment_updated on segment (org_id, updated_at desc, id desc) where deleted_at is null;
create index segment_sized on segment (org_id, size_at) where deleted_at is null;
call make_tenant_table('segment');

-- Which segments a rule refers to, so that a rule's whole closure is one query, circles are found before they are
-- saved, and nothing that another rule needs is deleted.
create table segment_reference (
  org_id uuid not null,
  segment_id uuid not null,
  target_id uuid not null,
  primary key (org_id, segment_id, target_id),
  foreign key (org_id, segment_id) references segment (org_id, id) on delete cascade
);
create index segment_reference_target on segment_reference (org_id, target_id);
call make_tenant_table('segment_reference');

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
