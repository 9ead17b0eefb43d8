-- People who wrote back stand beside those who opened and clicked: per message, and in the sums that the roller keeps.
alter table engagement add column replied integer not null default 0;
alter table metric_of_hour add column replied bigint not null default 0;
alter table figure_of_campaign add column replied bigint not null default 0;
alter table experiment_outcome add column replied integer not null default 0;
