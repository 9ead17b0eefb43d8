-- Links of posts and pages: where they lead, and with which marks (UTM), so that whoever comes by one is known to come
-- from a platform. `url` is the destination with the marks; it never changes, because posts cannot be called back.
create table post_link (
  org_id uuid not null,
  id uuid not null,
  campaign_id uuid not null,
  code text not null,
  platform text not null,
  name text not null,
  destination text not null,
  url text not null,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz,
  archived_by text,
  primary key (org_id, id)
);
create index post_link_campaign on post_link (org_id, campaign_id, created_at, id);
create index post_link_code on post_link (code, org_id);
call make_tenant_table('post_link');
call make_system_readable('post_link');

-- How often each was followed, by people and by programs. Nobody is named: a post is read by everybody.
create table post_link_hour (
  org_id uuid not null,
  link_id uuid not null,
  hour timestamptz not null,
  clicks bigint not null,
  machine_clicks bigint not null,
  primary key (org_id, link_id, hour),
  foreign key (org_id, link_id) references post_link (org_id, id) on delete cascade
);
call make_tenant_table('post_link_hour');
