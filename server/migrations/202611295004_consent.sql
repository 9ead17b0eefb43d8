-- Words that came of a campaign: who left through it and why, beside its report.
create index consent_event_campaign on consent_event (org_id, campaign_id, id) where campaign_id is not null;
