-- What a campaign says of its hours, limits and caps.
alter table campaign add column timing jsonb not null default '{}';
