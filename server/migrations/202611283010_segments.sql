-- Who is in each followed segment, kept from the event log: edits and events re-evaluate the people they are about, and
-- only against the rules that look at what changed; clauses that look at the clock wake at the instant they flip.
alter table segment
  -- Since when membership is kept; null when it is not.
  add column followed_at timestamptz,
  -- When it was last whole: null while it is first filled.
  add column filled_at timestamptz,
  -- The last full refresh that compared membership with the rule, and how many people it found wrong.
  add column checked_at timestamptz,
  add column drift integer;
create index segment_followed on segment (org_id, followed_at) where followed_at is not null and deleted_at is null;

create table segment_membership (
  org_id uuid not null,
  segment_id uuid not null,
  contact_id bigint not null,
  entered_at timestamptz not null,
  primary key (org_id, segment_id, contact_id)
);
create index segment_membership_contact on segment_membership (org_id, contact_id);
call make_tenant_table('segment_membership');

-- When a person has to be looked at again because time alone may change the answer.
create table segment_wake (
  org_id uuid not null,
  segment_id uuid not null,
  contact_id bigint not null,
  wake_at timestamptz not null,
  primary key (org_id, segment_id, contact_id)
);
create index segment_wake_due on segment_wake (org_id, wake_at);
create index segment_wake_contact on segment_wake (org_id, contact_id);
call make_tenant_table('segment_wake');

-- One row per organization: whoever changes membership holds it, so that each evaluation sees what the one before has
-- written.
create table segment_turn (
  org_id uuid not null primary key,
  taken_at timestamptz not null
);
call make_tenant_table('segment_turn');

-- A walk over all contacts for one segment: first filling, refilling after a change of the rule, daily check. `suspects`
-- are people whose membership differed while events were still unread: they are wrong only if they differ once those
-- are read.
create table segment_walk (
  org_id uuid not null,
  segment_id uuid not null,
  kind text not null check (kind in ('fill', 'check')),
  walked_through bigint not null default 0,
  walk_until bigint not null,
  suspects bigint[] not null default '{}',
  suspects_pos bigint not null default 0,
  drift integer not null default 0,
  started_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, segment_id)
);
call make_tenant_table('segment_walk');
