-- By which model a campaign's money is read; null: as the organization reads it. All models are kept side by side.
alter table conversion_rule add column model text;

-- By which model an organization reads its money. No row: by the last touch.
create table attribution_setting (
  org_id uuid not null,
  model text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id)
);
call make_tenant_table('attribution_setting');
