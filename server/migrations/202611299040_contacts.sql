-- These keys end with the id and are never equal: looking for equal ones each time a page is full is in vain (3 % of the
-- instructions of an insertion, counted).
alter index contact_name set (deduplicate_items = off);
alter index contact_created set (deduplicate_items = off);
alter index contact_import_id set (deduplicate_items = off);
