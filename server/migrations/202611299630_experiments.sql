-- Where shares follow the evidence, who was given what, and by which run's shares: whoever comes again stays there,
-- although the split has moved. The ledger alone cannot say it: it is written when a message leaves.
create table experiment_assignment (
  org_id uuid not null,
  experiment_id uuid not null,
  contact_id bigint not null,
  variant smallint not null,
  run_id uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, experiment_id, contact_id)
);
create index experiment_assignment_contact on experiment_assignment (org_id, contact_id);
call make_tenant_table('experiment_assignment');
