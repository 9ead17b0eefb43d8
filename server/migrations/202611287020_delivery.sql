-- When messages may leave. One row per organization that decided; without one the defaults hold.
create table sending_hours (
  org_id uuid not null,
  hours jsonb not null,
  updated_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id)
);
call make_tenant_table('sending_hours');

alter table run
  -- What the campaign says of its hours, limits and caps: limits are changed while it runs, the rest is frozen.
  add column timing jsonb not null default '{}';

alter table chunk
  -- Where its people are, when hours may hold them: all contacts of a chunk share the place. Null: no hours.
  add column place jsonb,
  -- Why it waits until due_at: { reason, detail, on }. Null: nothing holds it.
  add column held jsonb;
