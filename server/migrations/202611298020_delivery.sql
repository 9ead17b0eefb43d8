-- Keys are renewed: a new one waits until its record is seen, then signs in the old one's place; the old record stays
-- published for a while, so that mails on their way still verify. Keys that exist sign already.
alter table dkim_key
  add column signs_since timestamptz,
  add column replaced_at timestamptz;
update dkim_key set signs_since = created_at;

alter table sending_domain add column keys_reminded_at timestamptz;
