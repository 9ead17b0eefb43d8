-- The topic of a run's messages, frozen at its start: whoever refused it gets none, whoever chose it gets them.
alter table run add column topic text;
