/** Statements over what is unusual: figures of runs are read, anomalies and looks are written. */
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId, Id, PersonId, RunId } from '../../platform/ids.ts'
import type { AnomalyMetric } from '../schema.ts'
import type { Part } from './cause.ts'
import type { Armed, FedDay, Watched } from './days.ts'

export type AnomalyId = Id<'anomaly'>

/** Runs of an organization that are compared with each other. */
const RUNS_MAX = 400
/** Receivers of a run that are told apart: the greatest. */
const RECEIVERS_MAX = 20

/** Days of campaigns that events set off: enough for eight weeks of fifty of them. */
const DAYS_MAX = 3_000

/** Planned runs that have handed something over, latest first, with the looks that were made at them. */
export const selectRuns = async (ctx: Ctx, startedAfter: Date): Promise<Watched[]> =>
  (
    await ctx.db.named<Omit<Watched, 'key' | 'runIds' | 'kind'>>(
      'reports_watched_runs',
      `
      select r.id, r.campaign_id, r.purpose, r.started_at, r.first_handover_at,
        case when r.state = 'completed' then r.completed_at end as ended_at,
        array(select l.stage from anomaly_look l where l.org_id = $1 and l.run_id = r.id) as looks
      from run r
      where r.org_id = $1 and not r.is_fed and r.first_handover_at is not null and r.started_at >= $2
      order by r.started_at desc, r.id desc limit $3`,
      [ctx.orgId, startedAfter, RUNS_MAX],
    )
  ).map((run) => ({ ...run, key: run.id, runIds: [run.id], kind: 'run' }))

/** Runs that events feed, by the day they began on, latest first. */
export const selectDays = (ctx: Ctx, startedAfter: Date): Promise<FedDay[]> =>
  ctx.db.named(
    'reports_watched_days',
    `
    with fed as (
      select campaign_id, date_trunc('day', started_at, 'UTC') as day_at, min(purpose) as purpose,
        array_agg(id order by started_at, id) as run_ids, min(first_handover_at) as first_handover_at
      from run
      where org_id = $1 and is_fed and started_at >= $2
      group by campaign_id, 2
      order by 2 desc, campaign_id limit $3
    )
    select run_ids[1] as id, run_ids, campaign_id, purpose, day_at, first_handover_at,
      array(select l.stage from anomaly_look l where l.org_id = $1 and l.run_id = fed.run_ids[1]) as looks
    from fed
    order by day_at desc, campaign_id`,
    [ctx.orgId, startedAfter, DAYS_MAX],
  )

/** Since when each campaign that events set off is switched on. */
export const selectArmed = async (ctx: Ctx): Promise<Armed> =>
  new Map(
    (
      await ctx.db.named<{ campaignId: CampaignId; armedAt: Date }>(
        'reports_armed',
        `
        select c.id as campaign_id, t.armed_at
        from campaign_trigger t
        join campaign c on c.org_id = $1 and c.id = t.campaign_id
        where t.org_id = $1 and c.status = 'active' and c.deleted_at is null`,
        [ctx.orgId],
      )
    ).map(({ campaignId, armedAt }) => [campaignId, armedAt]),
  )

/** Events of a day that met a campaign and set nothing off, by why, most first. */
export const selectPassedOver = (
  ctx: Ctx,
  campaignId: CampaignId,
  dayAt: Date,
): Promise<{ outcome: string; events: number }[]> =>
  ctx.db.named(
    'reports_passed_over',
    `
    select outcome, events from campaign_trigger_count
    where org_id = $1 and campaign_id = $2 and on_day = $3::date order by events desc, outcome`,
    [ctx.orgId, campaignId, dayAt.toISOString().slice(0, 10)],
  )

/** Figures of runs by channel and name, each up to an hour of its own. */
export const selectFiguresUntil = (
  ctx: Ctx,
  runs: readonly { runIds: readonly RunId[]; campaignId: CampaignId; until: Date }[],
): Promise<{ runId: RunId; channel: string; name: string; n: number }[]> =>
  ctx.db.named(
    'reports_figures_until',
    `
    select m.run_id, m.channel, m.name, sum(m.n)::float8 as n
    from unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) as r (campaign_id, run_id, until)
    join metric m on m.org_id = $1 and m.campaign_id = r.campaign_id and m.run_id = r.run_id and m.hour < r.until
    where m.name not like 'link.%' and m.name not like '%.total'
    group by m.run_id, m.channel, m.name`,
    [
      ctx.orgId,
      runs.flatMap(({ runIds, campaignId }) => runIds.map(() => campaignId)),
      runs.flatMap(({ runIds }) => runIds),
      runs.flatMap(({ runIds, until }) => runIds.map(() => until)),
    ],
  )

/** The same of one run, or of one day, and channel, apart by hour and variant, with links. */
export const selectPartsUntil = (
  ctx: Ctx,
  { runIds, campaignId, until }: { runIds: readonly RunId[]; campaignId: CampaignId; until: Date },
  channel: string,
): Promise<{ hour: Date; variant: number; name: string; n: number }[]> =>
  ctx.db.named(
    'reports_parts_until',
    `
    select hour, variant::int as variant, name, n::float8 as n from metric
    where org_id = $1 and campaign_id = $2 and run_id = any($3::uuid[]) and channel = $4 and hour < $5 and name not like '%.total'`,
    [ctx.orgId, campaignId, runIds, channel, until],
  )

/** What happened to the messages of a run per domain of the receivers; those erased since are left out. */
export const selectReceivers = (
  ctx: Ctx,
  runIds: readonly RunId[],
): Promise<
  {
    domain: string
    handedOver: number
    delivered: number
    bounced: number
    failed: number
    opened: number
    clicked: number
    unsubscribed: number
    complained: number
    converted: number
  }[]
> =>
  ctx.db.named(
    'reports_receivers',
    `
    select split_part(c.email, '@', 2) as domain,
      count(*) filter (where m.state in ('sent', 'delivered', 'bounced', 'unknown'))::int as handed_over,
      count(*) filter (where m.state in ('sent', 'delivered'))::int as delivered,
      count(*) filter (where m.state = 'bounced')::int as bounced,
      count(*) filter (where m.state = 'failed')::int as failed,
      count(*) filter (where e.opened > 0)::int as opened,
      count(*) filter (where e.clicked > 0)::int as clicked,
      count(*) filter (where e.unsubscribed > 0)::int as unsubscribed,
      count(*) filter (where e.complained > 0)::int as complained,
      count(*) filter (where e.converted > 0)::int as converted
    from message m
    join contact c on c.org_id = m.org_id and c.id = m.contact_id
    left join engagement e on e.org_id = m.org_id and e.run_id = m.run_id and e.contact_id = m.contact_id and e.channel = m.channel
    where m.org_id = $1 and m.run_id = any($2::uuid[]) and m.channel = 'email'
      and m.state in ('sent', 'delivered', 'bounced', 'unknown', 'failed') and c.email is not null
    group by 1 order by 2 desc, 1 limit $3`,
    [ctx.orgId, runIds, RECEIVERS_MAX],
  )

/** Refusals of a run by provider and code, most first. */
export const selectRefusals = (
  ctx: Ctx,
  runIds: readonly RunId[],
  channel: string,
): Promise<{ provider: string; code: string; words: string; n: number }[]> =>
  ctx.db.named(
    'reports_refusals',
    `
    select provider, code, min(words) as words, count(*)::int as n from refusal
    where org_id = $1 and run_id = any($2::uuid[]) and channel = $3 and is_final
    group by provider, code order by 4 desc, 1, 2 limit 5`,
    [ctx.orgId, runIds, channel],
  )

/** Whether a run was stopped on its way, and whether its content had been sent before. */
export const selectCourse = async (
  ctx: Ctx,
  runId: RunId,
): Promise<{ stoppedAt: Date | null; isNewContent: boolean }> => {
  const [row] = await ctx.db.named<{ stoppedAt: Date | null; isNewContent: boolean }>(
    'reports_course_of_run',
    `
    select r.stopped_at, not exists (
      select from run b where b.org_id = $1 and b.campaign_id = r.campaign_id and b.run_no < r.run_no and b.version_id = r.version_id
    ) and r.run_no > 1 as is_new_content
    from run r where r.org_id = $1 and r.id = $2`,
    [ctx.orgId, runId],
  )
  return row ?? { stoppedAt: null, isNewContent: false }
}

/** Notes that runs were looked at. @returns those that nobody else had looked at */
export const insertLooks = (
  ctx: Ctx,
  looks: readonly { runId: RunId; stage: string }[],
): Promise<{ runId: RunId; stage: string }[]> =>
  ctx.db.named(
    'reports_looks_insert',
    `
    insert into anomaly_look (org_id, run_id, stage, looked_at)
    select $1, l.run_id, l.stage, $4 from unnest($2::uuid[], $3::text[]) as l (run_id, stage)
    on conflict (org_id, run_id, stage) do nothing
    returning run_id, stage`,
    [ctx.orgId, looks.map(({ runId }) => runId), looks.map(({ stage }) => stage), ctx.now()],
  )

export const deleteLooksBefore = (ctx: Ctx, before: Date): Promise<unknown> =>
  ctx.db.named('reports_looks_forget', 'delete from anomaly_look where org_id = $1 and looked_at < $2', [
    ctx.orgId,
    before,
  ])

/** What is written of an anomaly when it is found. */
export interface FoundAnomaly {
  id: AnomalyId
  campaignId: CampaignId
  runId: RunId
  channel: string
  metric: AnomalyMetric
  stage: string
  direction: 'high' | 'low'
  part: number
  whole: number
  usualMedian: number
  usualLow: number
  usualHigh: number
  peers: number
  p: number
  cause: Part
  runStartedAt: Date
}

/** @returns those that were not known yet */
export const insertAnomalies = (ctx: Ctx, found: readonly FoundAnomaly[]): Promise<{ id: AnomalyId }[]> =>
  ctx.db.named(
    'reports_anomalies_insert',
    `
    insert into anomaly (org_id, id, campaign_id, run_id, channel, metric, stage, direction, part, whole, usual_median,
      usual_low, usual_high, peers, p, cause, run_started_at, found_at)
    select $1, a.id, a.campaign_id, a.run_id, a.channel, a.metric, a.stage, a.direction, a.part, a.whole, a.median,
      a.low, a.high, a.peers, a.p, a.cause, a.run_started_at, $18
    from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[],
      $10::bigint[], $11::float8[], $12::float8[], $13::float8[], $14::int[], $15::float8[], $16::jsonb[], $17::timestamptz[])
      as a (id, campaign_id, run_id, channel, metric, stage, direction, part, whole, median, low, high, peers, p, cause, run_started_at)
    on conflict (org_id, run_id, channel, metric) do nothing
    returning id`,
    [
      ctx.orgId,
      found.map(({ id }) => id),
      found.map(({ campaignId }) => campaignId),
      found.map(({ runId }) => runId),
      found.map(({ channel }) => channel),
      found.map(({ metric }) => metric),
      found.map(({ stage }) => stage),
      found.map(({ direction }) => direction),
      found.map(({ part }) => part),
      found.map(({ whole }) => whole),
      found.map(({ usualMedian }) => usualMedian),
      found.map(({ usualLow }) => usualLow),
      found.map(({ usualHigh }) => usualHigh),
      found.map(({ peers }) => peers),
      found.map(({ p }) => p),
      found.map(({ cause }) => JSON.stringify(cause)),
      found.map(({ runStartedAt }) => runStartedAt),
      ctx.now(),
    ],
  )

/** Figures of runs that were unusual and are not what is compared with. */
export const selectUnusual = (
  ctx: Ctx,
  runIds: readonly RunId[],
): Promise<{ runId: RunId; channel: string; metric: AnomalyMetric }[]> =>
  ctx.db.named(
    'reports_unusual_of_runs',
    `select run_id, channel, metric from anomaly where org_id = $1 and run_id = any($2::uuid[]) and not is_usual`,
    [ctx.orgId, runIds],
  )

/** An anomaly as it lies in the database. */
export interface AnomalyRow extends FoundAnomaly {
  campaign: string
  foundAt: Date
  mailedTo: PersonId[]
  acknowledgedAt: Date | null
  acknowledgedBy: string | null
  note: string
  isUsual: boolean
}

const COLUMNS = `a.id, a.campaign_id, a.run_id, a.channel, a.metric, a.stage, a.direction, a.part::float8 as part,
  a.whole::float8 as whole, a.usual_median, a.usual_low, a.usual_high, a.peers, a.p, a.cause, a.run_started_at, a.found_at,
  a.mailed_to, a.acknowledged_at, a.acknowledged_by, a.note, a.is_usual, c.name as campaign`

/** Latest first, after a place in the list; of campaigns that are there. */
export const selectAnomalies = (
  ctx: Ctx,
  asked: {
    campaignId: CampaignId | null
    isOpenOnly: boolean
    after: { foundAt: string; id: string } | null
    limit: number
  },
): Promise<AnomalyRow[]> =>
  ctx.db.named(
    'reports_anomalies',
    `
    select ${COLUMNS} from anomaly a join campaign c on c.org_id = a.org_id and c.id = a.campaign_id
    where a.org_id = $1 and c.deleted_at is null
      and ($2::uuid is null or a.campaign_id = $2)
      and (not $3::boolean or a.acknowledged_at is null)
      and ($4::timestamptz is null or (a.found_at, a.id) < ($4, $5::uuid))
    order by a.found_at desc, a.id desc limit $6`,
    [
      ctx.orgId,
      asked.campaignId,
      asked.isOpenOnly,
      asked.after?.foundAt ?? null,
      asked.after?.id ?? null,
      asked.limit,
    ],
  )

/** Some by id, of campaigns that are there. */
export const selectAnomaliesById = (ctx: Ctx, ids: readonly string[]): Promise<AnomalyRow[]> =>
  ctx.db.named(
    'reports_anomalies_by_id',
    `
    select ${COLUMNS} from anomaly a join campaign c on c.org_id = a.org_id and c.id = a.campaign_id
    where a.org_id = $1 and a.id = any($2::uuid[]) and c.deleted_at is null order by a.found_at desc, a.id desc`,
    [ctx.orgId, ids],
  )

/** The first word stays; whether it is usual from now on may be said again. @returns whether it was there */
export const setAcknowledged = async (
  ctx: Ctx,
  id: AnomalyId,
  said: { by: string; note: string; isUsual: boolean },
): Promise<boolean> => {
  const rows = await ctx.db.named(
    'reports_anomaly_acknowledge',
    `
    update anomaly set acknowledged_at = coalesce(acknowledged_at, $3), acknowledged_by = coalesce(acknowledged_by, $4),
      note = $5, is_usual = $6
    where org_id = $1 and id = $2 returning id`,
    [ctx.orgId, id, ctx.now(), said.by, said.note, said.isUsual],
  )
  return rows.length > 0
}

export const noteTold = (ctx: Ctx, ids: readonly string[], personId: PersonId): Promise<unknown> =>
  ctx.db.named(
    'reports_anomalies_told',
    'update anomaly set mailed_to = array_append(mailed_to, $3::uuid) where org_id = $1 and id = any($2::uuid[])',
    [ctx.orgId, ids, personId],
  )

export const selectWatchers = async (ctx: Ctx): Promise<PersonId[]> =>
  (
    await ctx.db.named<{ personId: PersonId }>(
      'reports_anomaly_watchers',
      'select person_id from anomaly_watcher where org_id = $1 order by person_id limit 1000',
      [ctx.orgId],
    )
  ).map(({ personId }) => personId)

export const putWatcher = (ctx: Ctx, personId: PersonId): Promise<unknown> =>
  ctx.db.named(
    'reports_anomaly_watch',
    `insert into anomaly_watcher (org_id, person_id, chosen_at) values ($1, $2, $3) on conflict (org_id, person_id) do nothing`,
    [ctx.orgId, personId, ctx.now()],
  )

export const deleteWatcher = (ctx: Ctx, personId: PersonId): Promise<unknown> =>
  ctx.db.named(
    'reports_anomaly_unwatch',
    'delete from anomaly_watcher where org_id = $1 and person_id = $2',
    [ctx.orgId, personId],
  )
