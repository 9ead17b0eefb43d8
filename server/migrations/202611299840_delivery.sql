-- Nothing is ever looked for within these arrays; counting their elements for statistics took a tenth of a campaign's CPU in
-- the database, because a chunk names 5,000 people and its row changes with every sub-batch.
alter table chunk
  alter column contact_ids set statistics 0,
  alter column deferred_ids set statistics 0,
  alter column unknown_ids set statistics 0,
  alter column fallback_ids set statistics 0;
alter table armed_batch alter column contact_ids set statistics 0;
