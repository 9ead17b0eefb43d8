-- Messages received, as arrays of up to 64 people whose ids lie side by side: a campaign writes a row a block instead of
-- a row a person, and takes a sixth of the space. What people did with messages stays a row each: few do anything.
-- The columns of contact_engagement that held this are not written any more; a later migration drops them. What a process
-- of the version before adds to them while both run is found by `fanfare rebuild profiles`.
create function received_block_of(contact_id bigint) returns bigint language sql immutable parallel safe strict as
$$ select contact_id >> 6 $$;

-- Half of each page is kept free: a campaign changes all rows of a page at once, and no index has to learn of it.
create table received_block (
  org_id uuid not null,
  block bigint not null,
  channel text not null,
  contact_ids bigint[] not null,
  received integer[] not null,
  last_received_at timestamptz[] not null,
  updated_at timestamptz not null,
  primary key (org_id, block, channel)
) with (fillfactor = 50);
call make_tenant_table('received_block');

-- A row a person and channel, for whoever reads. Who looks for a person names the block as well.
create view contact_received with (security_invoker = true) as
select org_id, block, channel, unnest(contact_ids) as contact_id, unnest(received) as received,
  unnest(last_received_at) as last_received_at
from received_block;

insert into received_block (org_id, block, channel, contact_ids, received, last_received_at, updated_at)
select org_id, received_block_of(contact_id), channel, array_agg(contact_id order by contact_id),
  array_agg(received order by contact_id), array_agg(last_received_at order by contact_id), max(updated_at)
from contact_engagement
where received <> 0 or last_received_at is not null
group by org_id, received_block_of(contact_id), channel;
