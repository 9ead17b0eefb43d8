-- What sets a campaign off: an event with conditions or a segment that is entered, the delay, the limit per person.
alter table campaign add column trigger jsonb;

-- A campaign that is set off by events, while it is switched on: what is said from now on, and the run that is fed.
create table campaign_trigger (
  org_id uuid not null,
  campaign_id uuid not null,
  -- Events before this instant set nothing off: they came before it was switched on, or during a pause.
  armed_at timestamptz not null,
  contents jsonb not null,
  -- Version of the plan that the contents were frozen of.
  contents_version integer not null,
  -- The run that people are added to; null until the first is due.
  run_id uuid,
  -- The day, in UTC, that the run is of: each day has its own.
  run_day date,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, campaign_id)
);
call make_tenant_table('campaign_trigger');

-- One event that set a campaign off for one person: exactly one row, however often the event is read.
create table campaign_enrolment (
  org_id uuid not null,
  campaign_id uuid not null,
  event_seq bigint not null,
  contact_id bigint not null,
  triggered_at timestamptz not null,
  due_at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'handed_over', 'skipped')),
  -- Why it was skipped before it reached a run; what became of it in a run stands in the ledger.
  reason text,
  run_id uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, campaign_id, event_seq)
);
create index campaign_enrolment_person on campaign_enrolment (org_id, contact_id, campaign_id, triggered_at desc);
create index campaign_enrolment_due on campaign_enrolment (org_id, campaign_id, due_at, event_seq) where state = 'waiting';
call make_tenant_table('campaign_enrolment');

-- Events of a day that matched and set nothing off, by reason: too many for a row each.
create table campaign_trigger_count (
  org_id uuid not null,
  campaign_id uuid not null,
  on_day date not null,
  outcome text not null,
  events integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, campaign_id, on_day, outcome)
);
call make_tenant_table('campaign_trigger_count');
