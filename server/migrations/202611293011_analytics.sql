-- Periods over all campaigns: the overview reads a month of hours out of years. Rolling up only adds to `n`, which no
-- index holds.
create index metric_hour on metric (org_id, hour);
