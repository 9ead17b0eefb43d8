-- What a provider last said about a message that it did not take, or would not take for now: for the people who ask why
-- somebody got nothing. The ledger says what became of the message; this says it in the provider's words.
create table refusal (
  org_id uuid not null,
  run_id uuid not null,
  contact_id bigint not null,
  channel text not null,
  -- The provider's name as it was then; empty for the mail server of the installation or the organization.
  provider text not null,
  -- Status and enhanced status, as far as it gave them.
  code text not null,
  words text not null,
  -- As in the ledger.
  reason text not null,
  -- False while it will be tried again by itself.
  is_final boolean not null,
  attempts integer not null,
  -- Why it was not sent again although somebody asked for it; null when nobody did, or it was.
  withheld_reason text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, run_id, contact_id, channel)
);
create index refusal_contact on refusal (org_id, contact_id);
create index refusal_age on refusal (org_id, updated_at);
call make_tenant_table('refusal');
