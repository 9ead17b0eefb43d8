-- A marketing message sent by itself may be about a topic of the preference centre, as a campaign is.
alter table direct_message add column topic text check (topic is null or purpose = 'marketing');
