-- How often a person may be written to. One row per organization that decided; without one nothing is counted.
create table frequency_caps (
  org_id uuid not null,
  caps jsonb not null,
  updated_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id)
);
call make_tenant_table('frequency_caps');

-- Messages under caps that have not ended: a place that is kept for a person until the ledger tells what became of it.
-- What was sent is counted from the ledger, so that a row lives from queueing to record.
create table cap_claim (
  org_id uuid not null,
  contact_id bigint not null,
  channel text not null,
  -- A run, or a message that is one of its own.
  run_id uuid not null,
  -- Higher ones win: 0 low, 1 normal, 2 high.
  priority smallint not null,
  due_at timestamptz not null,
  -- Set while it is being handed over: from then on it counts against everybody else's.
  armed_at timestamptz,
  created_at timestamptz not null,
  primary key (org_id, contact_id, channel, run_id)
);
create index cap_claim_run on cap_claim (org_id, run_id);
call make_tenant_table('cap_claim');
