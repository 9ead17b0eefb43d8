-- What providers tell of a message before its own worker could record it: kept until the ledger has the message.
create table early_event (
  org_id uuid not null,
  seq bigint generated always as identity,
  run_id uuid not null,
  contact_id bigint not null,
  channel text not null,
  -- { id, name, channel }: who tells.
  origin jsonb not null,
  event jsonb not null,
  received_at timestamptz not null,
  primary key (org_id, seq)
);
create index early_event_contact on early_event (org_id, contact_id);
call make_tenant_table('early_event');
