-- Words about everything are rare, and each audience asks everybody for one: without an index of their own, resolving
-- walks through all words of all people a second time.
create index preference_everywhere on preference (org_id, contact_id) where channel = 'all';
