-- What is sent again after its run has ended may rest, too: who stopped it, and when.
alter table run
  add column again_held_at timestamptz,
  add column again_held_by text;
