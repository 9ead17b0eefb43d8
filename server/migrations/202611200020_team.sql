-- People, organizations, memberships, keys. Tables without org_id are looked up before an organization is known:
-- few, small, rarely written.

-- One row once the first organization exists: two first-run set-ups at once cannot both win.
create table installation (
  is_set_up boolean primary key check (is_set_up),
  set_up_at timestamptz not null
);

create table organization (
  id uuid primary key,
  name text not null,
  slug text not null unique,
  locale text not null check (locale in ('en', 'fr')),
  time_zone text not null,
  currency char(3) not null,
  postal_address text,
  is_sample boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz
);

-- `email_key` is the address as compared: trimmed, lower case. `password_hash` is argon2id with its parameters.
create table person (
  id uuid primary key,
  email text not null,
  email_key text not null unique,
  name text not null,
  locale text not null check (locale in ('en', 'fr')),
  password_hash text,
  password_changed_at timestamptz,
  last_organization_id uuid,
  disabled_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

-- A signed-in browser. The token itself is in its cookie only.
create table session (
  id uuid primary key,
  token_hash bytea not null unique,
  person_id uuid not null references person (id) on delete cascade,
  active_organization_id uuid,
  user_agent text not null,
  address_prefix text,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null
);
create index session_person on session (person_id);
create index session_expiry on session (expires_at);

-- Single-use secrets: a password reset that was mailed, or a password that was right and waits for its second factor.
create table verification (
  token_hash bytea primary key,
  purpose text not null check (purpose in ('password_reset', 'second_factor')),
  person_id uuid not null references person (id) on delete cascade,
  attempts smallint not null default 0,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index verification_person on verification (person_id, purpose, created_at);
create index verification_expiry on verification (expires_at);

-- The second factor: a sealed TOTP secret, the last time step it was used at, hashes of unused recovery codes.
create table two_factor (
  person_id uuid primary key references person (id) on delete cascade,
  secret bytea not null,
  confirmed_at timestamptz,
  last_step bigint not null default 0,
  recovery_hashes bytea[] not null default '{}',
  created_at timestamptz not null
);

-- Failed attempts per keyed hash of an account, an address, or both: guessing gets slower and slower.
create table sign_in_throttle (
  key bytea primary key,
  failures integer not null,
  blocked_until timestamptz,
  updated_at timestamptz not null
);
create index sign_in_throttle_age on sign_in_throttle (updated_at);

-- Who works in an organization. Beside the organization's own view, a person who is known (`set local app.person`)
-- reads the rows of their own, in whichever organization: that is how the switcher knows what to offer.
create table membership (
  org_id uuid not null,
  person_id uuid not null,
  role text not null check (role in ('viewer', 'editor', 'admin', 'owner')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, person_id)
);
create index membership_person on membership (person_id);
call make_tenant_table('membership');
create policy own on membership for select
  using (person_id = nullif(current_setting('app.person', true), '')::uuid);

create table invitation (
  org_id uuid not null,
  id uuid not null,
  email text not null,
  email_key text not null,
  role text not null check (role in ('viewer', 'editor', 'admin', 'owner')),
  locale text not null check (locale in ('en', 'fr')),
  token_hash bytea not null,
  invited_by uuid not null,
  created_at timestamptz not null,
  sent_at timestamptz,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by uuid,
  revoked_at timestamptz,
  revoked_by text,
  primary key (org_id, id)
);
create unique index invitation_token on invitation (org_id, token_hash);
create unique index invitation_open on invitation (org_id, email_key) where accepted_at is null and revoked_at is null;
call make_tenant_table('invitation');

-- `prefix` is the readable beginning of the secret, by which a key is found and recognised on the screen.
create table api_key (
  org_id uuid not null,
  id uuid not null,
  name text not null,
  prefix text not null,
  key_hash bytea not null,
  scopes text[] not null,
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  revoked_by text,
  primary key (org_id, id)
);
create unique index api_key_prefix on api_key (org_id, prefix);
call make_tenant_table('api_key');
