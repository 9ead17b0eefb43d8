-- Nearly every message is sent and has no reason: such rows are found by the key, and only what needs somebody's eyes has
-- its place in the index of states. That is a third of what writing a row of the ledger costs in indexes.
drop index message_state;
create index message_state on message (org_id, run_id, state, reason, contact_id)
  where state not in ('sent', 'delivered') or reason <> '';
