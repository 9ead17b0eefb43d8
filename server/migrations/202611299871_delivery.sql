-- Lists of people are written with each chunk and read again by who hands it over. To press 5,000 ids together took 1.1 µs
-- an id, more than to write a row of the ledger into its key; what it saved was 5 bytes a person until the run is forgotten.
alter table chunk
  alter column contact_ids set storage external,
  alter column deferred_ids set storage external,
  alter column unknown_ids set storage external,
  alter column fallback_ids set storage external;
