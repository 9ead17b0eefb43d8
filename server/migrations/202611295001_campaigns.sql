-- What a campaign is about, as people choose it in the preference centre: the key of a topic. Null: about anything.
alter table campaign add column topic text;
