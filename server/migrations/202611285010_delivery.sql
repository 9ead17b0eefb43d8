-- Who takes the messages of a channel: settings by kind; secrets are sealed under the organization's key.
create table provider (
  org_id uuid not null,
  id uuid not null,
  channel text not null check (channel in ('email', 'sms', 'whatsapp', 'webhook')),
  kind text not null,
  name text not null,
  settings jsonb not null,
  secrets_sealed bytea not null,
  -- 0: takes what the channel sends; 1: takes what the first cannot; null: kept aside.
  rank smallint check (rank in (0, 1)),
  version integer not null,
  -- When it last took a message, and what went wrong since: { kind, text, at, times }[], newest first, a few of them.
  taken_at timestamptz,
  errors jsonb not null default '[]',
  created_by text not null,
  updated_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, id)
);
create unique index provider_rank on provider (org_id, channel, rank) where rank is not null;
call make_tenant_table('provider');

-- Events of providers that were acted on once and must not be again. Pruned after two weeks: no provider repeats for longer.
create table vendor_event (
  org_id uuid not null,
  provider_id uuid not null,
  event_id text not null,
  received_at timestamptz not null,
  primary key (org_id, provider_id, event_id)
);
create index vendor_event_age on vendor_event (org_id, received_at);
call make_tenant_table('vendor_event');

-- What providers told that we do not know: how often, and the first example.
create table vendor_unknown (
  org_id uuid not null,
  provider_id uuid not null,
  type text not null,
  times bigint not null,
  example text not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (org_id, provider_id, type)
);
call make_tenant_table('vendor_unknown');

-- Something about a sending domain that its owner must put right: { reason, receiver, text } per receiving domain.
create table sending_alert (
  org_id uuid not null,
  domain text not null,
  receiver text not null,
  reason text not null,
  text text not null,
  times bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  -- Nothing more is handed over to this receiver from this domain until then.
  held_until timestamptz not null,
  primary key (org_id, domain, receiver)
);
call make_tenant_table('sending_alert');

-- What people wrote to a number of the organization's.
create table inbound_message (
  org_id uuid not null,
  id bigint generated always as identity,
  provider_id uuid not null,
  channel text not null check (channel in ('sms', 'whatsapp')),
  event_id text not null,
  contact_id bigint,
  sender text not null,
  text text not null,
  intent text not null,
  received_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, provider_id, event_id)
);
create index inbound_message_recent on inbound_message (org_id, id desc);
create index inbound_message_contact on inbound_message (org_id, contact_id, received_at desc);
call make_tenant_table('inbound_message');

-- Messages in the inboxes of people on the organization's own site.
create table in_app_message (
  org_id uuid not null,
  contact_id bigint not null,
  -- The message's token: the same hand-over twice is one message.
  token text not null,
  run_id uuid,
  title text not null,
  body text not null,
  action_label text,
  action_url text,
  image_url text,
  created_at timestamptz not null,
  read_at timestamptz,
  primary key (org_id, contact_id, token)
);
create index in_app_message_recent on in_app_message (org_id, contact_id, created_at desc);
call make_tenant_table('in_app_message');
