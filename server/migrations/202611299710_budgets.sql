-- Prices of one message that differ from the channel's: by the provider that took it, by the country of the number, or by
-- both; the empty text stands for any. Without a price (null) it holds as elsewhere from then on.
create table special_price (
  org_id uuid not null,
  channel text not null,
  provider_id text not null default '',
  country text not null default '',
  valid_from timestamptz not null,
  price_micros bigint check (price_micros >= 0),
  set_by text not null,
  created_at timestamptz not null,
  primary key (org_id, channel, provider_id, country, valid_from),
  check (provider_id <> '' or country <> '')
);
call make_tenant_table('special_price');

-- What messages cost by provider and country is counted under names of their own.
create index metric_billed on metric (org_id, campaign_id) where split_part(name, '.', 1) = 'billed';
create index metric_billed_hour on metric (org_id, hour) where split_part(name, '.', 1) = 'billed';

-- Price of one post on a platform, from a day on; a platform's first holds for everything before it.
create table post_price (
  org_id uuid not null,
  platform text not null,
  valid_from date not null,
  price_micros bigint not null check (price_micros >= 0),
  set_by text not null,
  created_at timestamptz not null,
  primary key (org_id, platform, valid_from)
);
call make_tenant_table('post_price');

-- A spend on posts that are priced each: so many of them; its amount follows the prices. Free posts cost nothing.
alter table spend add column posts integer check (posts > 0);
alter table spend drop constraint spend_amount_minor_check;
alter table spend add constraint spend_amount_minor_check check (amount_minor > 0 or (amount_minor = 0 and posts is not null));
create index spend_posts on spend (org_id, platform, spent_on) where posts is not null;

-- Spends that came in one file, so that all of them can be taken back.
create table spend_import (
  org_id uuid not null,
  id uuid not null,
  file_name text not null,
  spends integer not null check (spends > 0),
  amount_minor bigint not null,
  created_by text not null,
  created_at timestamptz not null,
  undone_at timestamptz,
  undone_by text,
  primary key (org_id, id)
);
call make_tenant_table('spend_import');
alter table spend add column import_id uuid;
-- What was paid for a channel or a platform as a whole belongs to no campaign.
alter table spend alter column campaign_id drop not null;
create index spend_loose on spend (org_id, spent_on) where campaign_id is null;
create index spend_import_rows on spend (org_id, import_id) where import_id is not null;
