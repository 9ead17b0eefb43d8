-- What is due is looked for lane by lane: who serves the urgent ones alone reads nothing of a thousand campaigns, and
-- jobs of next month are not passed over.
create index work_pick_lane on work (lane, due_at, org_id, part) where state = 'ready';
drop index work_pick_part;
