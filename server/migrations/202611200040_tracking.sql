-- The ledger: one row per message, written when it is handed over or skipped, then only moved on.
-- `month` is fixed by the run, so that uniqueness per run holds over retries and month ends. `reason` is '' for none.
create table message (
  org_id uuid not null,
  run_id uuid not null,
  contact_id bigint not null,
  channel text not null,
  month date not null,
  campaign_id uuid not null,
  variant smallint not null default 0,
  state text not null check (state in ('sent', 'delivered', 'bounced', 'failed', 'skipped', 'held_out', 'unknown')),
  reason text not null default '',
  chunk_no integer,
  handed_over_at timestamptz,
  state_at timestamptz not null,
  primary key (org_id, run_id, contact_id, channel, month)
) partition by range (month);
create index message_state on message (org_id, run_id, state, reason, contact_id);
create index message_contact on message (org_id, contact_id, state_at desc);
create table message_default partition of message default;
call make_tenant_table('message');

-- The links of a run, frozen at launch: what a click token may lead to, and nothing else.
create table tracked_link (
  org_id uuid not null,
  version_id uuid not null,
  link_no smallint not null,
  url text not null,
  label text not null default '',
  primary key (org_id, version_id, link_no)
);
call make_tenant_table('tracked_link');

-- What the short key inside a message token stands for. Never deleted: an unsubscribe link works for as long as the
-- mail exists. Readable by the system, because a token arrives before its organization is known; nothing personal.
create table token_source (
  org_id uuid not null,
  key bigint not null,
  campaign_id uuid not null,
  run_id uuid not null,
  version_id uuid not null,
  channel text not null,
  month date not null,
  created_at timestamptz not null,
  primary key (org_id, key)
);
create index token_source_key on token_source (key, org_id);
call make_tenant_table('token_source');
call make_system_readable('token_source');

-- Profiles that were merged into others: links in mails to the former still reach the person.
create table contact_alias (
  org_id uuid not null,
  merged_id bigint not null,
  kept_id bigint not null,
  created_at timestamptz not null,
  primary key (org_id, merged_id)
);
call make_tenant_table('contact_alias');
