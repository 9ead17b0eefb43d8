-- What the outside sends: where it comes from (sources and their write keys), who is meant (visitors, external ids),
-- what has been received already, and what events and properties there are.

-- A site, an app or a server that sends events under a write key of its own. Keys of browsers stand in pages for all
-- to read, so the key lies here in the clear; it lets one write and nothing else. Readable by the system, because a key
-- arrives before its organization is known; nothing here is personal.
create table event_source (
  org_id uuid not null,
  id uuid not null,
  name text not null,
  kind text not null check (kind in ('browser', 'server')),
  write_key text not null collate "C",
  created_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  revoked_at timestamptz,
  last_event_at timestamptz,
  primary key (org_id, id)
);
create unique index event_source_key on event_source (org_id, write_key);
create index event_source_lookup on event_source (write_key, org_id);
call make_tenant_table('event_source');
call make_system_readable('event_source');

-- The dictionary: every type of event that ever came. `role` says what an event means for money and subscriptions;
-- `value_property` names the property that holds its amount, null for the usual ones.
create table event_definition (
  org_id uuid not null,
  type text not null,
  name text not null,
  role text check (role in ('purchase', 'refund', 'subscription_started', 'subscription_ended')),
  value_property text,
  volume bigint not null default 0,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, type)
);
call make_tenant_table('event_definition');

-- The properties of each type, how often each kind of value was seen, and whether it says something about a person.
create table event_property (
  org_id uuid not null,
  type text not null,
  name text not null,
  text_count bigint not null default 0,
  number_count bigint not null default 0,
  boolean_count bigint not null default 0,
  date_count bigint not null default 0,
  list_count bigint not null default 0,
  object_count bigint not null default 0,
  is_personal boolean not null default false,
  personal_set_by text,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  primary key (org_id, type, name)
);
call make_tenant_table('event_property');

-- A browser or device that said no name. It holds a number of the contacts' sequence; `is_known` when the number is a
-- person who was identified.
create table visitor (
  org_id uuid not null,
  anonymous_id text not null collate "C",
  contact_id bigint not null,
  is_known boolean not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, anonymous_id)
);
create index visitor_contact on visitor (org_id, contact_id);
call make_tenant_table('visitor');

-- The ids by which a customer's own systems know a person. One person may have several.
create table external_id (
  org_id uuid not null,
  user_id text not null collate "C",
  contact_id bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, user_id)
);
create index external_id_contact on external_id (org_id, contact_id);
call make_tenant_table('external_id');

-- Keyed hashes of the ids of people who were erased: what arrives late under such an id does not bring them back.
create table erased_identity (
  org_id uuid not null,
  key bytea not null,
  erased_at timestamptz not null,
  primary key (org_id, key)
);
create index erased_identity_age on erased_identity (org_id, erased_at);
call make_tenant_table('erased_identity');

-- Messages that were received, by the hash of source and message id, so that a repetition counts once.
create table event_receipt (
  org_id uuid not null,
  key uuid not null,
  received_at timestamptz not null,
  primary key (org_id, key)
);
create index event_receipt_age on event_receipt (org_id, received_at);
call make_tenant_table('event_receipt');
