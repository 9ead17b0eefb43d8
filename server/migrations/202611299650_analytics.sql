-- Figures of conversions are compared with the credits of some runs, every night.
create index conversion_credit_run on conversion_credit (org_id, run_id);
