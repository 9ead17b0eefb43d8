-- How a campaign of several channels reaches a person: on all of them, or on the first that may.
alter table campaign add column reach text not null default 'all' check (reach in ('all', 'first'));
