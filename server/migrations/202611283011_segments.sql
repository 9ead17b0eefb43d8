-- What each segment brought, day by day: how trends are shown without asking the past again.
create table segment_snapshot (
  org_id uuid not null,
  segment_id uuid not null,
  day date not null,
  people integer not null,
  buyers integer not null,
  orders integer not null,
  revenue_minor bigint not null,
  engagement_centi integer,
  received bigint not null,
  opened bigint not null,
  clicked bigint not null,
  converted bigint not null,
  taken_at timestamptz not null,
  primary key (org_id, segment_id, day),
  foreign key (org_id, segment_id) references segment (org_id, id) on delete cascade
);
call make_tenant_table('segment_snapshot');
