-- What a contact has become: figures derived from the event log and the ledger, per contact that exists. A contact
-- without a row has done nothing yet. Nothing here is a fact of its own: `fanfare rebuild profiles` makes it all anew.

-- Adds two histograms of the hours of a day; saturates at what the type holds, so that the order of adding is no matter.
create function add_hours(a smallint[], b smallint[]) returns smallint[] language sql immutable parallel safe as $$
  select array_agg(least(32767, x.a::integer + x.b::integer)::smallint order by x.hour)
  from unnest(a, b) with ordinality as x (a, b, hour)
$$;

-- Money is in the currency of the organization; other currencies stand in contact_other_money and are never summed.
-- Activity changes no indexed column, so that its updates stay within their page.
create table contact_profile (
  org_id uuid not null,
  contact_id bigint not null,
  orders integer not null default 0,
  refunds integer not null default 0,
  -- Net of refunds; below zero when more was given back than is known to have been paid.
  revenue_minor bigint not null default 0,
  refunded_minor bigint not null default 0,
  average_order_minor bigint,
  last_order_minor bigint,
  first_order_at timestamptz,
  last_order_at timestamptz,
  first_activity_at timestamptz,
  last_activity_at timestamptz,
  -- Points in units that grow as those of later days do: sums need no clock, and are exact in any order.
  activity_points numeric not null default 0,
  engagement_score smallint not null default 0 check (engagement_score between 0 and 100),
  lifetime_value_minor bigint not null default 0,
  rfm_recency smallint check (rfm_recency between 1 and 5),
  rfm_frequency smallint check (rfm_frequency between 1 and 5),
  rfm_monetary smallint check (rfm_monetary between 1 and 5),
  rfm_class text,
  spending_level text check (spending_level in ('low', 'medium', 'high')),
  subscription_tier text,
  subscription_status text check (subscription_status in ('active', 'ended')),
  subscription_at timestamptz,
  -- Messages opened and links followed by people, by the hour of their own day.
  best_hours smallint[] not null default array_fill(0::smallint, array[24]) check (cardinality(best_hours) = 24),
  -- The day as of which score and lifetime value were figured.
  figured_on date not null,
  updated_at timestamptz not null,
  primary key (org_id, contact_id)
) with (fillfactor = 80);
create index contact_profile_last_order on contact_profile (org_id, last_order_at, contact_id) where orders > 0;
create index contact_profile_orders on contact_profile (org_id, orders, contact_id) where orders > 0;
create index contact_profile_revenue on contact_profile (org_id, revenue_minor, contact_id) where orders > 0;
create index contact_profile_rfm on contact_profile (org_id, rfm_class, contact_id) where rfm_class is not null;
call make_tenant_table('contact_profile');

-- Messages per channel: received (handed over and not returned), opened and clicked by people, and followed by an order.
create table contact_engagement (
  org_id uuid not null,
  contact_id bigint not null,
  channel text not null,
  received integer not null default 0,
  opened integer not null default 0,
  clicked integer not null default 0,
  converted integer not null default 0,
  last_received_at timestamptz,
  last_opened_at timestamptz,
  last_clicked_at timestamptz,
  updated_at timestamptz not null,
  primary key (org_id, contact_id, channel)
) with (fillfactor = 80);
call make_tenant_table('contact_engagement');

-- Orders in currencies that are not the organization's: one row per currency, shown apart.
create table contact_other_money (
  org_id uuid not null,
  contact_id bigint not null,
  currency char(3) not null,
  orders integer not null,
  revenue_minor bigint not null,
  refunded_minor bigint not null,
  updated_at timestamptz not null,
  primary key (org_id, contact_id, currency)
);
call make_tenant_table('contact_other_money');

-- How an organization reads the figures: the bounds of spending levels (null: the usual ones), and the borders between
-- fifths of its buyers, drawn anew when enough has changed. `figured_on` is the day of the last daily refresh.
create table profile_setting (
  org_id uuid not null,
  medium_from_minor bigint,
  high_from_minor bigint,
  bounds_set_by text,
  bounds_set_at timestamptz,
  last_order_borders timestamptz[] not null default '{}',
  orders_borders integer[] not null default '{}',
  revenue_borders bigint[] not null default '{}',
  buyers integer not null default 0,
  drawn_at timestamptz,
  changes integer not null default 0,
  figured_on date,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id),
  check (medium_from_minor >= 0 and high_from_minor > medium_from_minor)
);
call make_tenant_table('profile_setting');
