-- Nothing is ever looked for within these arrays. Counting their elements for statistics took autovacuum 0.9 s of CPU each
-- time it looked at a million people, which it did twice in a campaign of half a minute.
alter table received_block
  alter column contact_ids set statistics 0,
  alter column received set statistics 0,
  alter column last_received_at set statistics 0;
alter table contact_profile alter column best_hours set statistics 0;
