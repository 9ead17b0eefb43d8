-- Since when a chunk is looked at for its rate, and how many were done then: a chunk that a limit makes last for minutes
-- is counted by what left lately, not by all that ever did.
alter table chunk add column paced_at timestamptz, add column paced_from integer not null default 0;
