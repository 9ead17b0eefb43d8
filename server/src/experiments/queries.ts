/** All SQL of the room experiments. */
import type { Ctx } from '../platform/context.ts'
import type { CampaignId, ContactId, ExperimentId, RunId } from '../platform/ids.ts'
import type { ConversionRule } from '../analytics/index.ts'
import type { Engaged, Happening } from './conversions.ts'
import type { Variant } from './rules.ts'
import type { ExperimentSettings, ReportedMetrics } from './schema.ts'
import type { Split } from './split.ts'

/** The verdict of a look, as it is kept. */
export interface KeptVerdict {
  state: 'collecting' | 'blocked' | 'running' | 'winner' | 'inconclusive'
  reason:
    | 'srm'
    | 'min_sample'
    | 'min_runtime'
    | 'tie'
    | 'min_conversions'
    | 'not_significant'
    | 'guardrail'
    | null
  /** Numbers of variants. */
  leader: number | null
  winner: number | null
  minute: number
}

/** How a test ended, with what went into it. */
export interface KeptDecision {
  result: 'winner' | 'inconclusive' | 'by_hand'
  reason: KeptVerdict['reason']
  winner: number | null
  chosen: number | null
  statedReason: string | null
  engineVersion: number
  /** Setup, counts and pairs of the deciding look; null for a decision by hand before any look. */
  inputs: unknown
}

/** A test as it lies in its table. */
export interface ExperimentRow {
  id: ExperimentId
  campaignId: CampaignId
  name: string
  state: 'draft' | 'running' | 'decided' | 'stopped'
  settings: ExperimentSettings
  variants: Variant[]
  split: Split | null
  /** The first, or the only one. */
  runId: RunId | null
  /** Of a test whose people come one by one: a run for each day after the first. */
  laterRunIds: RunId[]
  /** True: people come one by one and the test has no planned end. */
  isContinuous: boolean
  /** When shares changed last; null: they are as at the beginning. */
  sharesAt: Date | null
  /** The newest run, when the present split is in force there; null: the next run begins with it. */
  splitRunId: RunId | null
  /** By run: what its people were assigned by. */
  runRanges: Record<RunId, Split['ranges']>
  plannedRecipients: number | null
  baselineRate: number | null
  secondMoment: number | null
  /** How long after its message an action counts; null before the launch. */
  windowMinutes: number | null
  /** What counts as a conversion, frozen at the launch; null before it. */
  counts: ConversionRule['matches'] | null
  launchedAt: Date | null
  lookedAt: Date | null
  verdict: KeptVerdict | null
  smallestP: Record<string, number>
  decision: KeptDecision | null
  decidedAt: Date | null
  decidedBy: string | null
  appliedAt: Date | null
  appliedBy: string | null
  reported: Record<string, ReportedMetrics>
  createdAt: Date
}

const COLUMNS = `id, campaign_id, name, state, settings, variants, split, run_id, later_run_ids, is_continuous, shares_at, split_run_id, run_ranges, planned_recipients,
  baseline_rate, second_moment, window_minutes, counts, launched_at, looked_at, verdict, smallest_p, decision, decided_at, decided_by, applied_at, applied_by, reported, created_at`

export async function readExperiment(ctx: Ctx, id: ExperimentId): Promise<ExperimentRow | null> {
  const [row] = await ctx.db.named<ExperimentRow>(
    'experiments_read',
    `select ${COLUMNS} from experiment where org_id = $1 and id = $2`,
    [ctx.orgId, id],
  )
  return row ?? null
}

/** Reads and locks: of a look and a person who decide at once, one finds the other's decision. */
export async function lockExperiment(ctx: Ctx, id: ExperimentId): Promise<ExperimentRow | null> {
  const [row] = await ctx.db.named<ExperimentRow>(
    'experiments_lock',
    `select ${COLUMNS} from experiment where org_id = $1 and id = $2 for update`,
    [ctx.orgId, id],
  )
  return row ?? null
}

/** The latest test of a campaign. */
export async function readLatest(ctx: Ctx, campaignId: CampaignId): Promise<ExperimentRow | null> {
  const [row] = await ctx.db.named<ExperimentRow>(
    'experiments_latest',
    `select ${COLUMNS} from experiment where org_id = $1 and campaign_id = $2 order by created_at desc, id desc limit 1`,
    [ctx.orgId, campaignId],
  )
  return row ?? null
}

export const insertExperiment = (
  ctx: Ctx,
  row: Pick<ExperimentRow, 'id' | 'campaignId' | 'name' | 'settings' | 'variants'> & { by: string },
): Promise<unknown> =>
  ctx.db.named(
    'experiments_insert',
    `
    insert into experiment (org_id, id, campaign_id, name, settings, variants, created_by, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $8)`,
    [
      ctx.orgId,
      row.id,
      row.campaignId,
      row.name,
      JSON.stringify(row.settings),
      JSON.stringify(row.variants),
      row.by,
      ctx.now(),
    ],
  )

export const updateDraft = (
  ctx: Ctx,
  id: ExperimentId,
  draft: Pick<ExperimentRow, 'name' | 'settings' | 'variants'>,
): Promise<unknown> =>
  ctx.db.named(
    'experiments_update_draft',
    `
    update experiment set name = $3, settings = $4, variants = $5, updated_at = $6
    where org_id = $1 and id = $2 and state = 'draft'`,
    [ctx.orgId, id, draft.name, JSON.stringify(draft.settings), JSON.stringify(draft.variants), ctx.now()],
  )

export const deleteDraft = (ctx: Ctx, id: ExperimentId): Promise<unknown> =>
  ctx.db.named(
    'experiments_delete_draft',
    `delete from experiment where org_id = $1 and id = $2 and state = 'draft'`,
    [ctx.orgId, id],
  )

export const markRunning = (
  ctx: Ctx,
  id: ExperimentId,
  frozen: {
    split: Split
    runId: RunId
    isContinuous: boolean
    variants: readonly Variant[]
    plannedRecipients: number
    baselineRate: number
    windowMinutes: number
    counts: ConversionRule['matches']
  },
): Promise<unknown> =>
  ctx.db.named(
    'experiments_mark_running',
    `
    update experiment set state = 'running', split = $3, run_id = $4, split_run_id = $4, planned_recipients = $5, baseline_rate = $6,
      launched_at = $7, window_minutes = $8, variants = $9, counts = $10, is_continuous = $11, run_ranges = $12, updated_at = $7
    where org_id = $1 and id = $2`,
    [
      ctx.orgId,
      id,
      JSON.stringify(frozen.split),
      frozen.runId,
      frozen.plannedRecipients,
      frozen.baselineRate,
      ctx.now(),
      frozen.windowMinutes,
      JSON.stringify(frozen.variants),
      JSON.stringify(frozen.counts),
      frozen.isContinuous,
      JSON.stringify({ [frozen.runId]: frozen.split.ranges }),
    ],
  )

/** One more run whose people take part, with the split it began with: shares may have moved meanwhile. */
export const addRun = (ctx: Ctx, id: ExperimentId, runId: RunId, split: Split): Promise<unknown> =>
  ctx.db.named(
    'experiments_add_run',
    `
    update experiment set later_run_ids = later_run_ids || $3::uuid, run_ranges = run_ranges || $4::jsonb,
      split_run_id = case when split = $5::jsonb then $3::uuid end, updated_at = $6
    where org_id = $1 and id = $2`,
    [ctx.orgId, id, runId, JSON.stringify({ [runId]: split.ranges }), JSON.stringify(split), ctx.now()],
  )

/** People are assigned by another split from the next run on. */
export const saveShares = (ctx: Ctx, id: ExperimentId, split: Split): Promise<unknown> =>
  ctx.db.named(
    'experiments_save_shares',
    `
    update experiment set split = $3, shares_at = $4, split_run_id = null, updated_at = $4
    where org_id = $1 and id = $2`,
    [ctx.orgId, id, JSON.stringify(split), ctx.now()],
  )

export const saveLook = (
  ctx: Ctx,
  id: ExperimentId,
  look: { verdict: KeptVerdict; smallestP: Record<string, number>; secondMoment: number | null },
): Promise<unknown> =>
  ctx.db.named(
    'experiments_save_look',
    `
    update experiment set looked_at = $3, verdict = $4, smallest_p = $5, second_moment = coalesce(second_moment, $6), updated_at = $3
    where org_id = $1 and id = $2`,
    [
      ctx.orgId,
      id,
      ctx.now(),
      JSON.stringify(look.verdict),
      JSON.stringify(look.smallestP),
      look.secondMoment,
    ],
  )

export const saveDecision = (
  ctx: Ctx,
  id: ExperimentId,
  decision: KeptDecision,
  by: string,
): Promise<unknown> =>
  ctx.db.named(
    'experiments_save_decision',
    `
    update experiment set state = 'decided', decision = $3, decided_at = $4, decided_by = $5, updated_at = $4
    where org_id = $1 and id = $2`,
    [ctx.orgId, id, JSON.stringify(decision), ctx.now(), by],
  )

export const markApplied = (ctx: Ctx, id: ExperimentId, by: string): Promise<unknown> =>
  ctx.db.named(
    'experiments_mark_applied',
    'update experiment set applied_at = $3, applied_by = $4, updated_at = $3 where org_id = $1 and id = $2',
    [ctx.orgId, id, ctx.now(), by],
  )

export const markStopped = (ctx: Ctx, id: ExperimentId): Promise<unknown> =>
  ctx.db.named(
    'experiments_mark_stopped',
    `update experiment set state = 'stopped', updated_at = $3 where org_id = $1 and id = $2 and state in ('draft', 'running')`,
    [ctx.orgId, id, ctx.now()],
  )

export const saveReported = (
  ctx: Ctx,
  id: ExperimentId,
  reported: Record<string, ReportedMetrics>,
): Promise<unknown> =>
  ctx.db.named(
    'experiments_save_reported',
    'update experiment set reported = $3, updated_at = $4 where org_id = $1 and id = $2',
    [ctx.orgId, id, JSON.stringify(reported), ctx.now()],
  )

/** Whoever was assigned before stays where they were. */
export const insertAssignments = (
  ctx: Ctx,
  id: ExperimentId,
  runId: RunId,
  assigned: readonly { contactId: ContactId; variant: number }[],
): Promise<unknown> =>
  ctx.db.named(
    'experiments_insert_assignments',
    `
    insert into experiment_assignment (org_id, experiment_id, contact_id, variant, run_id, created_at, updated_at)
    select $1, $2, a.contact_id, a.variant, $3, $4, $4
    from unnest($5::bigint[], $6::smallint[]) as a (contact_id, variant)
    on conflict (org_id, experiment_id, contact_id) do nothing`,
    [
      ctx.orgId,
      id,
      runId,
      ctx.now(),
      assigned.map(({ contactId }) => contactId),
      assigned.map(({ variant }) => variant),
    ],
  )

/** Something of a message that the consumer read from the log. */
export interface OutcomeChange {
  runId: RunId
  contactId: ContactId
  at: Date
  opened: number
  clicked: number
  replied: number
  unsubscribed: number
  complained: number
}

// The window begins with the person's own message. Who did something outside of it, or stands in no test, has no row.
export const addOutcomes = (ctx: Ctx, changes: readonly OutcomeChange[]): Promise<unknown> =>
  ctx.db.named(
    'experiments_add_outcomes',
    `
    with change as (
      select c.run_id, c.contact_id, c.at, c.opened, c.clicked, c.replied, c.unsubscribed, c.complained
      from unnest($2::uuid[], $3::bigint[], $4::timestamptz[], $5::int[], $6::int[], $7::int[], $8::int[], $10::int[])
        as c (run_id, contact_id, at, opened, clicked, unsubscribed, complained, replied)
    ), test as (
      select id, window_minutes, run_id from experiment where org_id = $1 and run_id = any($2::uuid[])
      union all
      select x.id, x.window_minutes, later.run_id
      from experiment x, unnest(x.later_run_ids) later (run_id)
      where x.org_id = $1 and x.later_run_ids <> '{}' and later.run_id = any($2::uuid[])
    ), counted as (
      select x.id as experiment_id, c.contact_id, min(m.variant) as variant, (array_agg(c.run_id order by c.at))[1] as run_id, min(c.at) as first_at,
        sum(c.opened)::int as opened, sum(c.clicked)::int as clicked, sum(c.replied)::int as replied,
        sum(c.unsubscribed)::int as unsubscribed, sum(c.complained)::int as complained
      from change c
      join test x on x.run_id = c.run_id
      join lateral (
        select m.variant, m.handed_over_at from message m
        where m.org_id = $1 and m.run_id = c.run_id and m.contact_id = c.contact_id and m.variant > 0
        order by m.handed_over_at nulls last limit 1
      ) m on true
      where c.at < m.handed_over_at + make_interval(mins => x.window_minutes)
      group by x.id, c.contact_id
    )
    insert into experiment_outcome as o
      (org_id, experiment_id, contact_id, variant, run_id, opened, clicked, replied, unsubscribed, complained, first_at, updated_at)
    select $1, experiment_id, contact_id, variant, run_id, opened, clicked, replied, unsubscribed, complained, first_at, $9
    from counted
    on conflict (org_id, experiment_id, contact_id) do update set
      opened = o.opened + excluded.opened, clicked = o.clicked + excluded.clicked, replied = o.replied + excluded.replied,
      unsubscribed = o.unsubscribed + excluded.unsubscribed, complained = o.complained + excluded.complained,
      updated_at = $9`,
    [
      ctx.orgId,
      changes.map((change) => change.runId),
      changes.map((change) => change.contactId),
      changes.map((change) => change.at),
      changes.map((change) => change.opened),
      changes.map((change) => change.clicked),
      changes.map((change) => change.unsubscribed),
      changes.map((change) => change.complained),
      ctx.now(),
      changes.map((change) => change.replied),
    ],
  )

/** A person who is forgotten leaves their outcome behind under a number that is nobody's: past counts do not change. */
export const forgetOutcomes = (ctx: Ctx, contactId: ContactId): Promise<unknown> =>
  ctx.db.named(
    'experiments_forget_outcomes',
    'update experiment_outcome set contact_id = $3 where org_id = $1 and contact_id = $2',
    [ctx.orgId, contactId, -Math.floor(ctx.random() * Number.MAX_SAFE_INTEGER) - 1],
  )

/** People per variant: the control's silent ones count as the others' recipients do; 0 is the holdout. */
export interface RecipientCount {
  variant: number
  recipients: number
  bounced: number
}

// Hard-bounced people stay in: whoever was assigned and sent to is compared, whatever became of the message.
export const countRecipients = (ctx: Ctx, runIds: readonly RunId[]): Promise<RecipientCount[]> =>
  ctx.db.named(
    'experiments_count_recipients',
    `
    select variant, count(distinct contact_id)::int as recipients,
      (count(distinct contact_id) filter (where state = 'bounced'))::int as bounced
    from message
    where org_id = $1 and run_id = any($2::uuid[])
      and (state in ('sent', 'delivered', 'bounced', 'failed', 'unknown')
        or (state = 'held_out' and reason in ('control', 'holdout')))
    group by variant`,
    [ctx.orgId, runIds],
  )

/** What people did, by variant. */
export interface OutcomeCount {
  variant: number
  opened: number
  clicked: number
  unsubscribed: number
  complained: number
}

export const countOutcomes = (ctx: Ctx, id: ExperimentId): Promise<OutcomeCount[]> =>
  ctx.db.named(
    'experiments_count_outcomes',
    `
    select variant,
      -- Whoever clicked has seen the message, also where no picture told so.
      (count(*) filter (where opened > 0))::int as opened,
      (count(*) filter (where clicked > 0))::int as clicked,
      (count(*) filter (where unsubscribed > 0))::int as unsubscribed,
      (count(*) filter (where complained > 0))::int as complained
    from experiment_outcome
    where org_id = $1 and experiment_id = $2
    group by variant`,
    [ctx.orgId, id],
  )

// As `countRecipients` and `countOutcomes`, by the run that each person was first assigned in: its shares weigh them,
// in whichever run their messages left. Tests from before assignments were noted had each person in one run only.
export const countByRun = (
  ctx: Ctx,
  id: ExperimentId,
  runIds: readonly RunId[],
): Promise<(OutcomeCount & RecipientCount & { runId: RunId })[]> =>
  ctx.db.named(
    'experiments_count_by_run',
    `
    with noted as (
      select contact_id, run_id from experiment_assignment where org_id = $1 and experiment_id = $2
    ), reached as (
      select coalesce(n.run_id, m.run_id) as run_id, m.variant, count(distinct m.contact_id)::int as recipients,
        (count(distinct m.contact_id) filter (where m.state = 'bounced'))::int as bounced
      from message m
      left join noted n on n.contact_id = m.contact_id
      where m.org_id = $1 and m.run_id = any($3::uuid[]) and m.variant > 0
        and (m.state in ('sent', 'delivered', 'bounced', 'failed', 'unknown')
          or (m.state = 'held_out' and m.reason in ('control', 'holdout')))
      group by 1, 2
    ), did as (
      select coalesce(n.run_id, o.run_id) as run_id, o.variant,
        (count(*) filter (where o.opened > 0))::int as opened,
        (count(*) filter (where o.clicked > 0))::int as clicked,
        (count(*) filter (where o.unsubscribed > 0))::int as unsubscribed,
        (count(*) filter (where o.complained > 0))::int as complained
      from experiment_outcome o
      left join noted n on n.contact_id = o.contact_id
      where o.org_id = $1 and o.experiment_id = $2
      group by 1, 2
    )
    select r.run_id, r.variant, r.recipients, r.bounced, coalesce(d.opened, 0) as opened,
      coalesce(d.clicked, 0) as clicked, coalesce(d.unsubscribed, 0) as unsubscribed,
      coalesce(d.complained, 0) as complained
    from reached r
    left join did d on d.run_id = r.run_id and d.variant = r.variant`,
    [ctx.orgId, id, runIds],
  )

/** Happenings of one test that are read at most; a test with more has been decided long before. */
const HAPPENINGS_MAX = 1_000_000

// Read from the log at each look, so that it is exact after any replay, merge or late event: few people convert. Events
// of profiles that were merged into another point to the present one; the ledger keeps the number it wrote to. Whoever
// got several messages counts within the window of each, and in the run that they were first assigned in.
export const selectHappenings = (
  ctx: Ctx,
  id: ExperimentId,
  question: {
    runIds: readonly RunId[]
    since: Date
    windowMinutes: number
    roles: readonly string[]
    types: readonly string[]
    /** Whether properties are looked at: few rules ask for them. */
    withProperties: boolean
  },
): Promise<(Happening & { runId: RunId })[]> =>
  ctx.db.named(
    'experiments_happenings',
    `
    with wanted as (
      select type, role from event_definition where org_id = $1 and (role = any($2::text[]) or type = any($3::text[]))
    )
    select m.contact_id, m.variant, coalesce(n.run_id, m.run_id) as run_id, e.type, wanted.role, e.payload ->> 'orderId' as order_id,
      (e.payload -> 'money' ->> 'amountMinor')::float8 as amount_minor, e.payload -> 'money' ->> 'currency' as currency,
      case when $7 then coalesce(e.payload -> 'properties', '{}') else '{}' end as properties
    from wanted
    join event e on e.org_id = $1 and e.type = wanted.type and e.at >= $4
    join lateral (
      select m.contact_id, m.variant, m.run_id, coalesce(m.handed_over_at, m.state_at) as reached_at
      from message m
      where m.org_id = $1 and m.run_id = any($5::uuid[])
        and m.contact_id = any(array(select merged_id from contact_alias where org_id = $1 and kept_id = e.contact_id) || e.contact_id)
        and (m.state in ('sent', 'delivered', 'bounced', 'failed', 'unknown')
          or (m.state = 'held_out' and m.reason in ('control', 'holdout')))
        and e.at >= coalesce(m.handed_over_at, m.state_at)
        and e.at < coalesce(m.handed_over_at, m.state_at) + make_interval(mins => $6::int)
      order by reached_at limit 1
    ) m on true
    left join experiment_assignment n on n.org_id = $1 and n.experiment_id = $8 and n.contact_id = m.contact_id
    where e.contact_id is not null
    order by e.seq
    limit ${HAPPENINGS_MAX}`,
    [
      ctx.orgId,
      question.roles,
      question.types,
      question.since,
      question.runIds,
      question.windowMinutes,
      question.withProperties,
      id,
    ],
  )

/** Who opened, clicked or wrote back, where that is what counts as a conversion. */
export const selectEngaged = (ctx: Ctx, id: ExperimentId): Promise<Engaged[]> =>
  ctx.db.named(
    'experiments_engaged',
    `
    select o.contact_id, coalesce(n.run_id, o.run_id) as run_id, o.variant, o.opened, o.clicked, o.replied
    from experiment_outcome o
    left join experiment_assignment n on n.org_id = $1 and n.experiment_id = $2 and n.contact_id = o.contact_id
    where o.org_id = $1 and o.experiment_id = $2 and (o.opened > 0 or o.clicked > 0 or o.replied > 0)
    order by o.contact_id
    limit ${HAPPENINGS_MAX}`,
    [ctx.orgId, id],
  )

/** How often the organization's mails of the last weeks did what a metric counts. Source: statistics §5 */
export async function usualRate(
  ctx: Ctx,
  name: 'opened' | 'clicked' | 'converted',
  since: Date,
): Promise<{ people: number; recipients: number }> {
  const [row] = await ctx.db.named<{ people: number; recipients: number }>(
    'experiments_usual_rate',
    `
    select coalesce(sum(n) filter (where name = $2), 0)::int as people,
      greatest(coalesce(sum(n) filter (where name in ('sent', 'delivered')), 0), 0)::int as recipients
    from metric where org_id = $1 and hour >= $3 and name in ($2, 'sent', 'delivered')`,
    [ctx.orgId, name, since],
  )
  return row ?? { people: 0, recipients: 0 }
}

/** The latest run that reached enough people, for trying the rule on an organization's own history. */
export async function latestHistory(
  ctx: Ctx,
  recipientsMin: number,
): Promise<{ campaignId: CampaignId; runId: RunId; people: number; startedAt: Date } | null> {
  const [row] = await ctx.db.named<{ campaignId: CampaignId; runId: RunId; people: number; startedAt: Date }>(
    'experiments_latest_history',
    `
    select campaign_id, run_id, count(*)::int as people, min(handed_over_at) as started_at
    from message
    where org_id = $1 and handed_over_at is not null and state in ('sent', 'delivered', 'bounced')
    group by campaign_id, run_id
    having count(*) >= $2
    order by min(handed_over_at) desc limit 1`,
    [ctx.orgId, recipientsMin],
  )
  return row ?? null
}

/** When each person of a run first did something that a human did, in minutes after the run began. */
export const firstOutcomes = (
  ctx: Ctx,
  question: { campaignId: CampaignId; runId: RunId; type: string; since: Date; limit: number },
): Promise<{ at: Date }[]> =>
  ctx.db.named(
    'experiments_first_outcomes',
    `
    select min(at) as at from event
    where org_id = $1 and type = $2 and campaign_id = $3 and run_id = $4 and at >= $5 and contact_id is not null
      and not coalesce((payload ->> 'machine')::boolean, false)
    group by contact_id order by min(at), contact_id limit $6`,
    [ctx.orgId, question.type, question.campaignId, question.runId, question.since, question.limit],
  )
