-- One occurrence of a campaign, its frozen chunks, and the sub-batches that are between us and a provider.
create table run (
  org_id uuid not null,
  id uuid not null,
  campaign_id uuid not null,
  run_no integer not null,
  month date not null,
  channel text not null,
  purpose text not null default 'marketing',
  state text not null check (state in ('resolving', 'running', 'paused', 'completed', 'cancelled', 'failed')),
  audience jsonb not null,
  version_id uuid not null,
  -- How far the audience is resolved: contacts up to resolved_through, of those up to resolve_until.
  resolved_through bigint not null default 0,
  resolve_until bigint,
  resolved_at timestamptz,
  slices_made integer not null default 0,
  chunks_made integer not null default 0,
  audience_size integer not null default 0,
  -- Contacts that got no message when the audience was resolved, by reason.
  resolve_counts jsonb not null default '{}',
  planned_at timestamptz not null,
  started_at timestamptz not null,
  first_handover_at timestamptz,
  completed_at timestamptz,
  -- Who paused or cancelled it, and when.
  stopped_at timestamptz,
  stopped_by text,
  -- Why nothing can be handed over at present: { kind, text, since, times, retryAt }.
  trouble jsonb,
  failure text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, campaign_id, run_no)
);
create index run_open on run (org_id, state, id) where state in ('resolving', 'running', 'paused');
call make_tenant_table('run');

-- A frozen slice of a run's audience: the unit that workers lease. done_count contacts of it have an outcome or wait
-- in deferred_ids for the next pass. Numbers below 0 are second hand-overs of messages whose outcome is unknown.
create table chunk (
  org_id uuid not null,
  run_id uuid not null,
  chunk_no integer not null,
  contact_ids bigint[] not null,
  done_count integer not null default 0,
  -- Refused for now: they make the chunk's next pass.
  deferred_ids bigint[] not null default '{}',
  -- Handed over without an answer: they make a chunk of their own when this pass ends.
  unknown_ids bigint[] not null default '{}',
  -- How many wait in contact_ids and deferred_ids, and how many of them were refused for now: kept beside the arrays,
  -- because to count an array PostgreSQL must fetch it.
  waiting_count integer not null,
  deferred_count integer not null default 0,
  pass smallint not null default 0,
  due_at timestamptz not null,
  -- Outcomes so far, `state` or `state.reason` → how many.
  counts jsonb not null default '{}',
  state text not null default 'ready' check (state in ('ready', 'done', 'cancelled')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, run_id, chunk_no)
);
create index chunk_open on chunk (org_id, run_id, chunk_no) where state = 'ready';
call make_tenant_table('chunk');

-- Written before a provider is called and removed with the outcome: what is still here after a crash is unknown.
create table armed_batch (
  org_id uuid not null,
  run_id uuid not null,
  chunk_no integer not null,
  batch_start integer not null,
  contact_ids bigint[] not null,
  attempt integer not null,
  armed_at timestamptz not null,
  -- Names the file in which this machine notes what was begun and answered.
  flight_id uuid,
  primary key (org_id, run_id, chunk_no, batch_start)
);
call make_tenant_table('armed_batch');

-- Who mails may come from.
create table sender (
  org_id uuid not null,
  id uuid not null,
  name text not null,
  email text not null,
  reply_to text,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, email, name)
);
call make_tenant_table('sender');

-- An organization's own mail server, instead of the installation's. The password is sealed under the organization's key.
create table smtp_account (
  org_id uuid not null,
  host text not null,
  port integer not null check (port between 1 and 65535),
  security text not null check (security in ('tls', 'starttls', 'opportunistic', 'none')),
  username text,
  password_sealed bytea,
  accepts_any_certificate boolean not null default false,
  helo_name text not null,
  connections_max integer not null,
  messages_per_connection_max integer not null,
  version integer not null,
  updated_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id)
);
call make_tenant_table('smtp_account');

-- Domains that mails are signed for, and what their DNS said when we last looked.
create table sending_domain (
  org_id uuid not null,
  id uuid not null,
  domain text not null,
  return_path_host text,
  checked_at timestamptz,
  findings jsonb,
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, domain)
);
call make_tenant_table('sending_domain');

create table dkim_key (
  org_id uuid not null,
  domain_id uuid not null,
  selector text not null,
  algorithm text not null check (algorithm in ('rsa-sha256', 'ed25519-sha256')),
  private_sealed bytea not null,
  record text not null,
  created_at timestamptz not null,
  -- Set once its record may be taken from the DNS: mails signed with it have long arrived.
  retired_at timestamptz,
  primary key (org_id, domain_id, selector),
  foreign key (org_id, domain_id) references sending_domain (org_id, id) on delete cascade
);
call make_tenant_table('dkim_key');

-- What the built-in mailbox received: kept for a while and up to a number, for looking at.
create table mailbox_message (
  org_id uuid not null,
  id bigint generated by default as identity,
  received_at timestamptz not null,
  sender text not null,
  recipient text not null,
  subject text not null,
  message_id text not null,
  run_id uuid,
  contact_id bigint,
  -- Notices carry links that grant something (resets, invitations): only owners see them.
  is_notice boolean not null default false,
  source bytea not null,
  primary key (org_id, id)
);
create index mailbox_message_recipient on mailbox_message (org_id, recipient, id desc);
create index mailbox_message_received on mailbox_message (org_id, received_at);
call make_tenant_table('mailbox_message');
