-- What the event that set a message of a campaign off said, as far as the message names it.
create table event_data (
  org_id uuid not null,
  run_id uuid not null,
  contact_id bigint not null,
  data jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, run_id, contact_id)
);
create index event_data_person on event_data (org_id, contact_id);
create index event_data_age on event_data (org_id, created_at);
call make_tenant_table('event_data');
