-- The zone that a contact's browser or app showed last: the contact's clock, where nobody stated another.
alter table contact add column seen_time_zone text;

-- Hours of reading were counted by the organization's clock where no zone was stated: they are counted anew, by job,
-- as after any change of the organization's zone.
update profile_setting set time_zone = '' where time_zone is not null;
