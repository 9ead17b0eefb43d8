-- Plans that repeat: `schedule` holds the whole plan, scheduled_at the next instant, planned_for the wall time that it
-- stands for. Null once nothing more is planned.
alter table campaign
  add column planned_for text,
  -- Why it is paused when nobody paused it.
  add column status_reason text;

-- Every planned instant of a campaign that repeats, and what became of it: exactly one row each.
create table campaign_occurrence (
  org_id uuid not null,
  campaign_id uuid not null,
  planned_at timestamptz not null,
  planned_for text not null,
  -- `missed`: nobody was there to start it, and a later one was due already. `paused`: the campaign was paused.
  state text not null check (state in ('started', 'missed', 'paused')),
  run_id uuid,
  created_at timestamptz not null,
  primary key (org_id, campaign_id, planned_at)
);
call make_tenant_table('campaign_occurrence');
