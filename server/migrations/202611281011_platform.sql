-- Behaviour is asked in two ways: who did X between two instants, and what did these people do. The first index serves
-- what event_type served, and answers "who" without reading rows.
create index event_type_contact on event (org_id, type, at, contact_id);
create index event_contact_type on event (org_id, contact_id, type, at) where contact_id is not null;
drop index event_type;
