-- What one contact did is asked about by time, with the type beside it: one index serves their timeline and rules about
-- them, where two had to be written with every event.
create index event_contact_at on event (org_id, contact_id, at desc, seq desc) include (type) where contact_id is not null;
drop index event_contact;
drop index event_contact_type;
