-- Shares that follow the evidence: the split of a test may change, and each run keeps the one its people were given by.
-- When it changed last, and the first run it is in force in (null: none yet).
alter table experiment add column shares_at timestamptz;
alter table experiment add column split_run_id uuid;
-- The run in which a person was assigned, whose shares weigh what they did; null for rows from before this column.
alter table experiment_outcome add column run_id uuid;
-- By run: the ranges of points that its people were assigned by.
alter table experiment add column run_ranges jsonb not null default '{}';
