-- budgets: what may be spent in a calendar month, and which shares of budgets were told of.

-- Of the whole organization, or of one channel; in minor units of its currency.
create table budget_limit (
  org_id uuid not null,
  scope text not null check (scope in ('organization', 'email', 'sms', 'whatsapp', 'in_app', 'webhook')),
  amount_minor bigint not null check (amount_minor >= 0),
  set_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, scope)
);
call make_tenant_table('budget_limit');

-- A share of a budget that was passed. One budget of one amount is told of once for each share; a raised one anew.
create table budget_alert (
  org_id uuid not null,
  -- `campaign:<id>`, or a scope and its month: `sms:2026-11`.
  subject text not null,
  percent smallint not null check (percent in (75, 90, 100)),
  limit_minor bigint not null,
  used_minor bigint not null,
  created_at timestamptz not null,
  primary key (org_id, subject, limit_minor, percent)
);
call make_tenant_table('budget_alert');

-- campaigns: those with a budget are looked at every minute.
create index campaign_budgeted on campaign (org_id, id) where budget_minor is not null and deleted_at is null;

-- delivery: which budget it was.
update run set out_of_budget = out_of_budget || '{"scope": "campaign"}' where out_of_budget is not null;
