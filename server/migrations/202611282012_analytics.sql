-- What the figures were made with: when the organization changes one of these, they are made anew.
alter table profile_setting
  add column currency char(3),
  add column time_zone text,
  add column roles jsonb not null default '{}';

-- The hour of a person's own day; of the day of UTC where the database does not know the zone.
create function hour_in(at timestamptz, zone text) returns integer language plpgsql immutable as $$
begin
  return extract(hour from at at time zone zone);
exception when invalid_parameter_value then
  return extract(hour from at at time zone 'UTC');
end $$;
