-- Each channel's content numbers its own links: link 1 of a mail and link 1 of a text are two. A reader of the log of the
-- version before, while it still runs, is refused by the new key, keeps its place and leaves the events to the next version.
alter table link_engagement add column channel text;
update link_engagement l set channel = e.channel
from (
  select org_id, run_id, contact_id, min(channel) as channel
  from engagement
  where clicked > 0 or machine_clicked > 0
  group by org_id, run_id, contact_id
) e
where e.org_id = l.org_id and e.run_id = l.run_id and e.contact_id = l.contact_id;
-- What nobody knows the message of belongs to nobody's list.
delete from link_engagement where channel is null;
alter table link_engagement alter column channel set not null;
alter table link_engagement drop constraint link_engagement_pkey;
alter table link_engagement add primary key (org_id, run_id, channel, link_no, contact_id);

-- Who followed links of one run on several channels shared rows between them: told apart by the log.
create temporary table link_told on commit drop as
with several as (
  select org_id, run_id, contact_id
  from engagement
  where clicked > 0 or machine_clicked > 0
  group by org_id, run_id, contact_id
  having count(*) > 1
), told as (
  select e.org_id, e.run_id, e.channel, e.contact_id, e.type, e.payload
  from event e
  join several s on s.org_id = e.org_id and s.run_id = e.run_id and s.contact_id = e.contact_id
  join event_cursor c on c.org_id = e.org_id and c.consumer = 'analytics.engagement' and e.seq <= c.pos
  where e.type in ('message.clicked', 'message.clicks_reclassified') and e.channel is not null
), clicks as (
  select org_id, run_id, channel, contact_id, (payload ->> 'linkNo')::smallint as link_no,
    case when (payload ->> 'machine')::boolean then 0 else 1 end as clicked,
    case when (payload ->> 'machine')::boolean then 1 else 0 end as machine_clicked
  from told
  where type = 'message.clicked'
  union all
  select t.org_id, t.run_id, t.channel, t.contact_id, (k.click ->> 'linkNo')::smallint, -1, 1
  from told t
  cross join jsonb_array_elements(t.payload -> 'clicks') as k (click)
  where t.type = 'message.clicks_reclassified'
)
select org_id, run_id, channel, link_no, contact_id, sum(clicked)::int as clicked, sum(machine_clicked)::int as machine_clicked
from clicks
group by org_id, run_id, channel, link_no, contact_id;
delete from link_engagement l using link_told t
where l.org_id = t.org_id and l.run_id = t.run_id and l.contact_id = t.contact_id;
insert into link_engagement (org_id, run_id, channel, link_no, contact_id, clicked, machine_clicked)
select org_id, run_id, channel, link_no, contact_id, clicked, machine_clicked from link_told;
