/** SQL of campaigns that events set off. Set-based: nothing is asked per event. */
import type { RunContent } from '../../delivery/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId, ContactId, RunId, SegmentId } from '../../platform/ids.ts'
import type { Audience } from '../../segments/index.ts'
import type { Candidate, PassedOver } from './rules.ts'
import type { Trigger } from './schema.ts'

/** A campaign that is switched on. */
export interface ArmedTrigger {
  campaignId: CampaignId
  trigger: Trigger
  audience: Audience
  armedAt: Date
}

/** Everything that is switched on, in one statement a batch of events. */
export const armedTriggers = (ctx: Ctx): Promise<ArmedTrigger[]> =>
  ctx.db.named<ArmedTrigger>(
    'campaigns_armed_triggers',
    `
    select c.id as campaign_id, c.trigger, c.audience, t.armed_at
    from campaign_trigger t
    join campaign c on c.org_id = $1 and c.id = t.campaign_id
    where t.org_id = $1 and c.status = 'active' and c.trigger is not null and c.deleted_at is null
    order by c.id`,
    [ctx.orgId],
  )

/** Those of these segments whose entries set a campaign off. */
export const segmentsListenedTo = async (ctx: Ctx, ids: readonly SegmentId[]): Promise<SegmentId[]> =>
  (
    await ctx.db.named<{ id: SegmentId }>(
      'campaigns_segments_listened_to',
      `
      select distinct c.trigger -> 'source' ->> 'segmentId' as id
      from campaign c
      where c.org_id = $1 and c.status = 'active' and c.delivery = 'triggered' and c.deleted_at is null
        and c.trigger -> 'source' ->> 'segmentId' = any($2::text[])`,
      [ctx.orgId, ids],
    )
  ).map(({ id }) => id)

/** When events of these people last counted, for each campaign. */
export const lastCounted = (
  ctx: Ctx,
  campaignIds: readonly CampaignId[],
  contactIds: readonly ContactId[],
): Promise<{ campaignId: CampaignId; contactId: ContactId; at: Date }[]> =>
  ctx.db.named(
    'campaigns_last_counted',
    `
    select campaign_id, contact_id, max(triggered_at) as at
    from campaign_enrolment
    where org_id = $1 and contact_id = any($3::bigint[]) and campaign_id = any($2::uuid[])
    group by campaign_id, contact_id`,
    [ctx.orgId, campaignIds, contactIds],
  )

/** An event that counted, and when its message is due. */
export interface Enrolment extends Candidate {
  dueAt: Date
}

// The key makes an event that is read again no second enrolment.
export const insertEnrolments = (ctx: Ctx, enrolments: readonly Enrolment[]): Promise<unknown> =>
  ctx.db.named(
    'campaigns_insert_enrolments',
    `
    insert into campaign_enrolment (org_id, campaign_id, event_seq, contact_id, triggered_at, due_at, created_at, updated_at)
    select $1, e.campaign_id, e.event_seq, e.contact_id, e.triggered_at, e.due_at, $2, $2
    from unnest($3::uuid[], $4::bigint[], $5::bigint[], $6::timestamptz[], $7::timestamptz[])
      as e (campaign_id, event_seq, contact_id, triggered_at, due_at)
    on conflict (org_id, campaign_id, event_seq) do nothing`,
    [
      ctx.orgId,
      ctx.now(),
      enrolments.map(({ campaignId }) => campaignId),
      enrolments.map(({ eventSeq }) => eventSeq),
      enrolments.map(({ contactId }) => contactId),
      enrolments.map(({ at }) => at),
      enrolments.map((enrolment) => enrolment.dueAt),
    ],
  )

/** How many events that matched set nothing off, and why. */
export interface PassedOverCount {
  campaignId: CampaignId
  outcome: PassedOver
  events: number
}

/** Events that matched and set nothing off. One reader at a time writes here: the holder of the log's cursor. */
export const countPassedOver = (ctx: Ctx, counts: readonly PassedOverCount[]): Promise<unknown> =>
  ctx.db.named(
    'campaigns_count_passed_over',
    `
    insert into campaign_trigger_count as k (org_id, campaign_id, on_day, outcome, events, created_at, updated_at)
    select $1, n.campaign_id, $2::date, n.outcome, n.events, $3, $3
    from unnest($4::uuid[], $5::text[], $6::int[]) as n (campaign_id, outcome, events)
    on conflict (org_id, campaign_id, on_day, outcome)
      do update set events = k.events + excluded.events, updated_at = excluded.updated_at`,
    [
      ctx.orgId,
      ctx.now().toISOString().slice(0, 10),
      ctx.now(),
      counts.map(({ campaignId }) => campaignId),
      counts.map(({ outcome }) => outcome),
      counts.map(({ events }) => events),
    ],
  )

/** What a campaign says while it is switched on, and the run that is fed. */
export interface TriggerRow {
  armedAt: Date
  contents: readonly RunContent[]
  contentsVersion: number
  runId: RunId | null
  runDay: string | null
}

export async function readTrigger(ctx: Ctx, campaignId: CampaignId): Promise<TriggerRow | null> {
  const [row] = await ctx.db.named<TriggerRow>(
    'campaigns_read_trigger',
    `
    select armed_at, contents, contents_version, run_id, to_char(run_day, 'YYYY-MM-DD') as run_day
    from campaign_trigger where org_id = $1 and campaign_id = $2`,
    [ctx.orgId, campaignId],
  )
  return row ?? null
}

/** Switches a campaign on from this instant. */
export const armTrigger = (
  ctx: Ctx,
  campaignId: CampaignId,
  contents: readonly RunContent[],
  version: number,
): Promise<unknown> =>
  ctx.db.named(
    'campaigns_arm_trigger',
    `
    insert into campaign_trigger (org_id, campaign_id, armed_at, contents, contents_version, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $3, $3)
    on conflict (org_id, campaign_id) do update
      set armed_at = excluded.armed_at, contents = excluded.contents, contents_version = excluded.contents_version,
        updated_at = excluded.updated_at`,
    [ctx.orgId, campaignId, ctx.now(), JSON.stringify(contents), version],
  )

/** What is said from now on; what set the campaign off before and still waits gets it, too. */
export const setContents = (
  ctx: Ctx,
  campaignId: CampaignId,
  contents: readonly RunContent[],
  version: number,
): Promise<unknown> =>
  ctx.db.named(
    'campaigns_set_trigger_contents',
    `
    update campaign_trigger set contents = $3, contents_version = $4, updated_at = $5
    where org_id = $1 and campaign_id = $2`,
    [ctx.orgId, campaignId, JSON.stringify(contents), version, ctx.now()],
  )

/** Names the run that is fed from now on; null: none until somebody is due. */
export const setFedRun = (
  ctx: Ctx,
  campaignId: CampaignId,
  run: { id: RunId; day: string } | null,
): Promise<unknown> =>
  ctx.db.named(
    'campaigns_set_fed_run',
    'update campaign_trigger set run_id = $3, run_day = $4, updated_at = $5 where org_id = $1 and campaign_id = $2',
    [ctx.orgId, campaignId, run?.id ?? null, run?.day ?? null, ctx.now()],
  )

/** Runs of days that are over, to be closed. */
export const staleFedRuns = (ctx: Ctx, today: string): Promise<{ campaignId: CampaignId; runId: RunId }[]> =>
  ctx.db.named(
    'campaigns_stale_fed_runs',
    `
    select campaign_id, run_id from campaign_trigger
    where org_id = $1 and run_id is not null and run_day < $2::date order by campaign_id limit 1000`,
    [ctx.orgId, today],
  )

/** Campaigns that are switched on and for which somebody is due. */
export const campaignsWithDue = async (ctx: Ctx): Promise<CampaignId[]> =>
  (
    await ctx.db.named<{ id: CampaignId }>(
      'campaigns_with_due',
      `
      select c.id from campaign_trigger t
      join campaign c on c.org_id = $1 and c.id = t.campaign_id and c.status = 'active'
      where t.org_id = $1 and exists (
        select 1 from campaign_enrolment e
        where e.org_id = $1 and e.campaign_id = c.id and e.state = 'waiting' and e.due_at <= $2)
      order by c.id`,
      [ctx.orgId, ctx.now()],
    )
  ).map(({ id }) => id)

/** When the next one is due of all campaigns that are switched on, or of one; null when nobody waits. */
export async function nextDue(ctx: Ctx, campaignId: CampaignId | null = null): Promise<Date | null> {
  const [row] = await ctx.db.named<{ dueAt: Date | null }>(
    'campaigns_next_due',
    `
    select min(next.due_at) as due_at
    from campaign_trigger t
    join campaign c on c.org_id = $1 and c.id = t.campaign_id and c.status = 'active'
    cross join lateral (
      select due_at from campaign_enrolment e
      where e.org_id = $1 and e.campaign_id = t.campaign_id and e.state = 'waiting' order by due_at, event_seq limit 1
    ) next
    where t.org_id = $1 and ($2::uuid is null or t.campaign_id = $2)`,
    [ctx.orgId, campaignId],
  )
  return row?.dueAt ?? null
}

/** Somebody who is due. */
export interface Due {
  eventSeq: string
  contactId: ContactId
  dueAt: Date
}

/** Holds those who are due until the transaction ends. */
export const holdDue = (ctx: Ctx, campaignId: CampaignId, limit: number): Promise<Due[]> =>
  ctx.db.named<Due>(
    'campaigns_hold_due',
    `
    select event_seq, contact_id, due_at from campaign_enrolment
    where org_id = $1 and campaign_id = $2 and state = 'waiting' and due_at <= $3
    order by due_at, event_seq
    limit $4
    for update skip locked`,
    [ctx.orgId, campaignId, ctx.now(), limit],
  )

/** What these events said, by their place in the log. */
export const propertiesOf = async (
  ctx: Ctx,
  eventSeqs: readonly string[],
): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>> =>
  new Map(
    (
      await ctx.db.named<{ seq: string; properties: Record<string, unknown> | null }>(
        'campaigns_properties_of_events',
        `select seq, payload -> 'properties' as properties from event where org_id = $1 and seq = any($2::bigint[])`,
        [ctx.orgId, eventSeqs],
      )
    ).map(({ seq, properties }) => [seq, properties ?? {}]),
  )

/** Is any of these people in a run already? */
export async function isInRun(
  ctx: Ctx,
  campaignId: CampaignId,
  runId: RunId,
  contactIds: readonly ContactId[],
): Promise<boolean> {
  const rows = await ctx.db.named(
    'campaigns_in_run',
    `
    select 1 from campaign_enrolment
    where org_id = $1 and contact_id = any($4::bigint[]) and campaign_id = $2 and run_id = $3 limit 1`,
    [ctx.orgId, campaignId, runId, contactIds],
  )
  return rows.length > 0
}

/** What became of those who were due. */
export const settle = (
  ctx: Ctx,
  campaignId: CampaignId,
  eventSeqs: readonly string[],
  to: { runId: RunId } | { reason: string },
): Promise<unknown> =>
  ctx.db.named(
    'campaigns_settle_enrolments',
    `
    update campaign_enrolment set state = $4, run_id = $5, reason = $6, updated_at = $7
    where org_id = $1 and campaign_id = $2 and event_seq = any($3::bigint[]) and state = 'waiting'`,
    [
      ctx.orgId,
      campaignId,
      eventSeqs,
      'runId' in to ? 'handed_over' : 'skipped',
      'runId' in to ? to.runId : null,
      'reason' in to ? to.reason : null,
      ctx.now(),
    ],
  )

/** Nobody waits any more: the campaign was stopped for good. */
export const skipWaiting = (ctx: Ctx, campaignId: CampaignId, reason: string): Promise<unknown> =>
  ctx.db.named(
    'campaigns_skip_waiting',
    `
    update campaign_enrolment set state = 'skipped', reason = $3, updated_at = $4
    where org_id = $1 and campaign_id = $2 and state = 'waiting'`,
    [ctx.orgId, campaignId, reason, ctx.now()],
  )

/** How many enrolments stand where. */
export const enrolmentCounts = (
  ctx: Ctx,
  campaignId: CampaignId,
): Promise<{ state: 'waiting' | 'handed_over' | 'skipped'; reason: string | null; people: number }[]> =>
  ctx.db.named(
    'campaigns_enrolment_counts',
    `
    select state, reason, count(*)::int as people from campaign_enrolment
    where org_id = $1 and campaign_id = $2 group by state, reason order by people desc, reason`,
    [ctx.orgId, campaignId],
  )

/** Events that matched and set nothing off, over all days. */
export const passedOverCounts = (
  ctx: Ctx,
  campaignId: CampaignId,
): Promise<{ reason: string; events: number }[]> =>
  ctx.db.named(
    'campaigns_passed_over_counts',
    `
    select outcome as reason, sum(events)::int as events from campaign_trigger_count
    where org_id = $1 and campaign_id = $2 group by outcome order by events desc, outcome`,
    [ctx.orgId, campaignId],
  )

/** Two profiles became one: what was counted of the one counts of the other. */
export const moveEnrolments = (
  ctx: Ctx,
  { mergedId, keptId }: { mergedId: string; keptId: string },
): Promise<unknown> =>
  ctx.db.named(
    'campaigns_move_enrolments',
    'update campaign_enrolment set contact_id = $3, updated_at = $4 where org_id = $1 and contact_id = $2',
    [ctx.orgId, mergedId, keptId, ctx.now()],
  )

/** Forgets what set campaigns off for a person. */
export const forgetEnrolments = (ctx: Ctx, contactId: ContactId): Promise<unknown> =>
  ctx.db.named(
    'campaigns_forget_enrolments',
    'delete from campaign_enrolment where org_id = $1 and contact_id = $2',
    [ctx.orgId, contactId],
  )

/** Removes what was settled before an instant, unless a limit still asks for it. */
export const removeSettled = (ctx: Ctx, before: Date, limit: number): Promise<unknown> =>
  ctx.db.named(
    'campaigns_remove_settled',
    `
    with old as (
      select e.campaign_id, e.event_seq
      from campaign_enrolment e
      left join campaign c on c.org_id = $1 and c.id = e.campaign_id
      where e.org_id = $1 and e.state <> 'waiting' and e.triggered_at < $2
        and (c.id is null or c.status in ('cancelled', 'completed', 'failed') or c.trigger ->> 'limit' is distinct from 'ever')
      limit $3
    )
    delete from campaign_enrolment e using old
    where e.org_id = $1 and e.campaign_id = old.campaign_id and e.event_seq = old.event_seq`,
    [ctx.orgId, before, limit],
  )
