-- How the people of a run are split among variants of its content; null where nothing is compared.
alter table run add column split jsonb;
