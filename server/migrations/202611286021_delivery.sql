-- Messages that are sent one by one, each asked for by a call: transactional above all. The row is the queue; what came of
-- it stands in the ledger under the message's own id as its run. `data` is forgotten soon after.
create table direct_message (
  org_id uuid not null,
  id uuid not null,
  channel text not null check (channel in ('email', 'sms', 'whatsapp', 'in_app', 'webhook')),
  purpose text not null check (purpose in ('marketing', 'transactional')),
  version_id uuid not null,
  -- The template or content that it was made of: figures are counted under it.
  source_id uuid not null,
  contact_id bigint not null,
  month date not null,
  data jsonb not null default '{}',
  -- The caller's own name for it: a second call with the same key makes no second message.
  key text,
  -- queued: waits for its instant. held: between us and a provider. ended: the ledger says how.
  state text not null default 'queued' check (state in ('queued', 'held', 'ended')),
  attempt smallint not null default 0,
  -- An unknown outcome is handed over once more, under the same name.
  is_second boolean not null default false,
  due_at timestamptz not null,
  -- The job that holds it, and the file in which this machine notes what was begun and answered.
  held_by bigint,
  flight_id uuid,
  -- Its place in that file.
  flight_no integer,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, id)
);
create unique index direct_message_key on direct_message (org_id, key) where key is not null;
create index direct_message_due on direct_message (org_id, due_at, id) where state = 'queued';
create index direct_message_held on direct_message (org_id, held_by) where state = 'held';
create index direct_message_ended on direct_message (org_id, updated_at) where state = 'ended';
call make_tenant_table('direct_message');
