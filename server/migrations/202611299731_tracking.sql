-- The same for the notes of hand-overs: written with a sub-batch and gone within a second.
alter table handover_note alter column contact_ids set storage external;
