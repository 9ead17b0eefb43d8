-- The frozen mail of a template as it stands, for messages that are sent one by one, and equal contents found by hash.
alter table template
  add column frozen_id uuid,
  add column frozen_version integer;
create index message_version_hash on message_version (org_id, content_hash);
