-- Newcomers go to the end of this index, which costs a fraction of putting them at its beginning; it is read backwards
-- for the newest first.
drop index contact_created;
create index contact_created on contact (org_id, created_at, id);
