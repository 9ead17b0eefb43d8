-- What people did that counts as reaching a goal, and which messages had part in it.

-- What counts for a campaign: kinds of events with filters, how far back a touch may lie, and what is a touch.
-- A campaign without a row counts purchases and subscriptions within seven days of a click.
create table conversion_rule (
  org_id uuid not null,
  campaign_id uuid not null,
  window_days smallint not null check (window_days between 1 and 30),
  touches text[] not null check (touches <@ '{clicked,opened,delivered}' and cardinality(touches) > 0),
  matches jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, campaign_id)
);
call make_tenant_table('conversion_rule');

-- One row per event that is a conversion of some campaign or would be of any, credited or not. `seq` is the event's
-- place in the log. `value_minor` is what the event said, in its own currency; null when it named no amount.
create table conversion (
  org_id uuid not null,
  seq bigint not null,
  -- With `seq` the event's key: its properties stand there and nowhere else.
  recorded_at timestamptz not null,
  contact_id bigint,
  at timestamptz not null,
  type text not null,
  role text,
  order_id text,
  value_minor bigint,
  currency char(3),
  refunded_minor bigint not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, seq)
);
create index conversion_contact on conversion (org_id, contact_id, at) where contact_id is not null;
create index conversion_order on conversion (org_id, order_id) where order_id is not null;
create index conversion_at on conversion (org_id, at, seq);
call make_tenant_table('conversion');

-- The share of one touch in one conversion, by each model: parts in millionths of the conversion (they sum to
-- 1,000,000 over its touches) and minor units of its value less refunds (they sum to exactly that).
create table conversion_credit (
  org_id uuid not null,
  seq bigint not null,
  touch_no smallint not null,
  contact_id bigint,
  campaign_id uuid not null,
  run_id uuid not null,
  channel text not null,
  variant smallint not null,
  touch text not null,
  touched_at timestamptz not null,
  converted_at timestamptz not null,
  match_no smallint not null,
  currency char(3),
  parts integer[] not null check (cardinality(parts) = 5),
  amounts_minor bigint[] not null check (cardinality(amounts_minor) = 5),
  primary key (org_id, seq, touch_no)
);
create index conversion_credit_campaign on conversion_credit (org_id, campaign_id, converted_at, seq);
create index conversion_credit_contact on conversion_credit (org_id, contact_id) where contact_id is not null;
call make_tenant_table('conversion_credit');

-- How many touches of a message ended in conversions: who converted stands beside who opened and clicked.
alter table engagement add column converted integer not null default 0;
