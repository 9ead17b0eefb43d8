-- What `metric` holds, summed for readings over many campaigns: by the hour over all of them, and by the campaign over
-- all of its hours. The roller adds the same deltas to all three in one statement; the nightly check compares them, which
-- also puts right what a process of the version before has rolled up meanwhile.
create table metric_of_hour (
  org_id uuid not null,
  hour timestamptz not null,
  channel text not null,
  sent bigint not null,
  delivered bigint not null,
  bounced bigint not null,
  unknown bigint not null,
  failed bigint not null,
  measured bigint not null,
  opened bigint not null,
  clicked bigint not null,
  unsubscribed bigint not null,
  converted bigint not null,
  revenue_first bigint not null,
  revenue_last bigint not null,
  revenue_linear bigint not null,
  revenue_position bigint not null,
  revenue_time_decay bigint not null,
  primary key (org_id, hour, channel)
);
insert into metric_of_hour
select org_id, hour, channel,
  coalesce(sum(n) filter (where split_part(name, '.', 1) = 'sent'), 0),
  coalesce(sum(n) filter (where split_part(name, '.', 1) = 'delivered'), 0),
  coalesce(sum(n) filter (where split_part(name, '.', 1) = 'bounced'), 0),
  coalesce(sum(n) filter (where split_part(name, '.', 1) = 'unknown'), 0),
  coalesce(sum(n) filter (where split_part(name, '.', 1) = 'failed'), 0),
  coalesce(sum(n) filter (where name = 'measured'), 0),
  coalesce(sum(n) filter (where name = 'opened'), 0),
  coalesce(sum(n) filter (where name = 'clicked'), 0),
  coalesce(sum(n) filter (where name = 'unsubscribed'), 0),
  coalesce(sum(n) filter (where name = 'converted'), 0),
  coalesce(sum(n) filter (where name = 'revenue.first'), 0),
  coalesce(sum(n) filter (where name = 'revenue.last'), 0),
  coalesce(sum(n) filter (where name = 'revenue.linear'), 0),
  coalesce(sum(n) filter (where name = 'revenue.position'), 0),
  coalesce(sum(n) filter (where name = 'revenue.timeDecay'), 0)
from metric
group by org_id, hour, channel;
call make_tenant_table('metric_of_hour');

-- Links are left out: no list and no comparison names them.
create table metric_of_campaign (
  org_id uuid not null,
  campaign_id uuid not null,
  channel text not null,
  variant smallint not null,
  name text not null,
  n bigint not null,
  primary key (org_id, campaign_id, channel, variant, name)
);
insert into metric_of_campaign
select org_id, campaign_id, channel, variant, name, sum(n)
from metric
where name not like 'link.%'
group by org_id, campaign_id, channel, variant, name;
call make_tenant_table('metric_of_campaign');

-- What messages cost depends on the hour in which they left: few of a campaign's many hours.
create index metric_handed_over on metric (org_id, campaign_id)
  where split_part(name, '.', 1) in ('sent', 'delivered', 'bounced', 'unknown');
