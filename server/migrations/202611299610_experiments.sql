-- A test of a campaign that events set off: people come to it one by one, in a run a day. It has no planned end, and its
-- evidence is that of all its runs. run_id stays the first of them.
alter table experiment add column is_continuous boolean not null default false;
alter table experiment add column later_run_ids uuid[] not null default '{}';
create index experiment_later_runs on experiment (org_id, id) where later_run_ids <> '{}';
