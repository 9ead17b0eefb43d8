-- Immutable versions of what campaigns say on channels other than e-mail: text messages, WhatsApp, in-app, webhooks.
create table message_version (
  org_id uuid not null,
  id uuid not null,
  channel text not null check (channel in ('sms', 'whatsapp', 'in_app', 'webhook')),
  source jsonb not null,
  compiled jsonb not null,
  campaign_name text not null,
  content_hash bytea not null,
  created_by text not null,
  created_at timestamptz not null,
  primary key (org_id, id)
);
call make_tenant_table('message_version');
