-- Why the budget of its campaign stopped a run: the budget and what was used of it; null when it did not.
alter table run add column out_of_budget jsonb;
