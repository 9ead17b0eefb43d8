-- The link that led to a conversion: the last one of the message that was followed before it; null where none was.
alter table conversion_credit add column link_no smallint;
update conversion_credit c set link_no = (
  select (e.payload ->> 'linkNo')::smallint from event e
  where e.org_id = c.org_id and e.contact_id = c.contact_id and e.type = 'message.clicked' and e.at = c.touched_at
    and e.run_id = c.run_id and e.channel = c.channel and e.payload ->> 'machine' = 'false'
  order by e.seq desc limit 1
)
where c.touch = 'clicked' and c.contact_id is not null;
