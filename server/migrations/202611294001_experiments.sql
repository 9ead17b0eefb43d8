-- What counts as a conversion of a test, as its campaign said when the test began: [{ kind, type, filters, valueMinor }].
-- Frozen, because a rule that could still be chosen with the figures in sight would prove nothing. Null before the
-- launch, and for tests launched before this column was there, which count purchases.
alter table experiment add column counts jsonb;
