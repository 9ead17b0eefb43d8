-- People, organizations, memberships, keys. Tables without org_id are looked up before an organization is known.
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
