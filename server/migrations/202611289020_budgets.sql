-- What reaching people costs.

-- Price of one message per channel, in millionths of the organization's currency, from an instant on. Prices are kept:
-- what was sent under an earlier one keeps its cost.
create table message_price (
  org_id uuid not null,
  channel text not null,
  valid_from timestamptz not null,
  price_micros bigint not null check (price_micros >= 0),
  set_by text not null,
  created_at timestamptz not null,
  primary key (org_id, channel, valid_from)
);
call make_tenant_table('message_price');

-- What else was paid for a campaign: media, posts, work. In the organization's currency.
create table spend (
  org_id uuid not null,
  id uuid not null,
  campaign_id uuid not null,
  kind text not null check (kind in ('media', 'post', 'manual')),
  channel text,
  amount_minor bigint not null check (amount_minor > 0),
  spent_on date not null,
  note text not null default '',
  created_by text not null,
  created_at timestamptz not null,
  primary key (org_id, id)
);
create index spend_campaign on spend (org_id, campaign_id, spent_on, id);
call make_tenant_table('spend');
