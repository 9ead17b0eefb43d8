-- A day on which a campaign that events set off stayed silent is looked at once, too; the look is noted at the run before.
alter table anomaly_look drop constraint anomaly_look_stage_check;
alter table anomaly_look add constraint anomaly_look_stage_check
  check (stage in ('early', 'day', 'days3') or stage ~ '^silent \d{4}-\d{2}-\d{2}$');
