-- A small picture beside the title of a message in somebody's inbox.
alter table in_app_message add column icon_url text;
