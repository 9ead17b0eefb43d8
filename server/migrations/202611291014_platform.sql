-- Who shares an organization's turn: jobs of one part (a campaign's run) are served one after the other, parts in turns.
alter table work add column part text not null default '';
create index work_due_part on work (org_id, lane, part, due_at, id) where state = 'ready';
create index work_pick_part on work (due_at, lane, org_id, part) where state = 'ready';
drop index work_pick;
