-- Transactional messages are held before all others, and marketing ones as many as limits let go: each by an index of its own.
create index direct_message_lane on direct_message (org_id, purpose, channel, due_at, id) where state = 'queued';
