-- A run that people are added to as they come: it has no audience of its own to resolve, and ends when it is closed.
alter table run add column is_fed boolean not null default false;
