/** The verbs of tests: set up, begin, read, end by hand, note as applied. Campaigns direct them. */
import { conversionRuleOf, USUAL_RULE, type ConversionRule } from '../analytics/index.ts'
import { audit } from '../platform/audit/index.ts'
import type { Ctx } from '../platform/context.ts'
import { inTransaction } from '../platform/db/index.ts'
import { announce } from '../platform/events/index.ts'
import { newId, type CampaignId, type ContactId, type ExperimentId, type RunId } from '../platform/ids.ts'
import { enqueue } from '../platform/jobs/index.ts'
import { organizationOf } from '../team/index.ts'
import { countTest } from './arms.ts'
import { errors } from './errors.ts'
import { experimentApplied } from './events.ts'
import { decide, lookWork, setupFor, tellScreens } from './look.ts'
import { peopleFor, planTest } from './planner.ts'
import {
  addRun,
  deleteDraft,
  type ExperimentRow,
  insertAssignments,
  insertExperiment,
  lockExperiment,
  markApplied,
  markRunning,
  markStopped,
  readExperiment,
  readLatest,
  saveReported,
  updateDraft,
  usualRate,
} from './queries.ts'
import { describeResults } from './results.ts'
import { letterOf, numberOf, resolveSettings, splitOf, USUAL_RATES, type Variant } from './rules.ts'
import type {
  ExperimentResults,
  ExperimentSettings,
  Metric,
  PlanResult,
  ReportedMetrics,
  VariantId,
} from './schema.ts'
import { assignVariant, HOLDOUT, type Split } from './split.ts'
import { ENGINE_VERSION } from './statistics/decision.ts'

const HISTORY_DAYS = 90
const DAY_MS = 86_400_000
const MINUTES_A_DAY = 1_440
/** Below this many messages an organization's own rate is noise. */
const HISTORY_RECIPIENTS_MIN = 2000
const LOOK_AFTER_MS = 60_000
/**
 * The clock of a continuous test is set for a rate this much above the usual one: a plan that is too small costs little,
 * one that is too large delays every decision. Source: statistics §5, §10
 */
const CONTINUOUS_LIFT = 1.3

/** A test as those see it who direct the campaign. */
export type Experiment = ExperimentRow

/** What its author writes. */
export interface ExperimentDraft {
  name: string
  settings: ExperimentSettings
  variants: Variant[]
}

/** The latest test of a campaign; null when it has none. */
export function experimentOf(ctx: Ctx, campaignId: CampaignId): Promise<Experiment | null> {
  return readLatest(ctx, campaignId)
}

/** @throws experiments.not_found */
export async function experimentById(ctx: Ctx, id: ExperimentId): Promise<Experiment> {
  const row = await readExperiment(ctx, id)
  if (!row) throw errors.not_found({ id })
  return row
}

/**
 * Sets a campaign's test up, or changes one that has not begun.
 *
 * @throws experiments.already_begun
 * Source: CS-005, CB-5.1, DS-CampaignService.createABTest
 */
export function saveExperiment(
  ctx: Ctx,
  campaignId: CampaignId,
  draft: ExperimentDraft,
): Promise<ExperimentId> {
  return inTransaction(ctx, async (ctx) => {
    const present = await readLatest(ctx, campaignId)
    if (present?.state === 'running') throw errors.already_begun({ id: present.id })
    const id = present?.state === 'draft' ? present.id : newId<'experiment'>(ctx.now())
    if (present?.state === 'draft') await updateDraft(ctx, id, draft)
    else await insertExperiment(ctx, { id, campaignId, ...draft, by: `${ctx.actor.kind}:${ctx.actor.id}` })
    audit(
      ctx,
      present?.state === 'draft' ? 'experiment.updated' : 'experiment.created',
      { kind: 'campaign', id: campaignId },
      { experimentId: id, name: draft.name, settings: draft.settings, variants: draft.variants.length },
    )
    return id
  })
}

/** Takes a test that has not begun out of its campaign. */
export function removeDraft(ctx: Ctx, id: ExperimentId): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const row = await lockExperiment(ctx, id)
    if (!row) throw errors.not_found({ id })
    if (row.state !== 'draft') throw errors.already_begun({ id })
    await deleteDraft(ctx, id)
    audit(ctx, 'experiment.removed', { kind: 'campaign', id: row.campaignId }, { experimentId: id })
  })
}

/** A split of its own for a test: two tests on one audience must not sort people alike. */
export function drawSplit(ctx: Ctx, { id, settings, variants }: Experiment): Split {
  const word = () => Math.floor(ctx.random() * 2 ** 32)
  const drawn = splitOf(settings, variants, [word(), word(), word(), word()])
  return settings.allocation === 'thompson' ? { ...drawn, notedIn: id } : drawn
}

/**
 * Begins a test with its campaign's first run: freezes split, plan, baseline and what each variant says, and looks from
 * now on. In the caller's transaction.
 *
 * @param recipients  whom the whole campaign would reach now; null where people come one by one in a run a day
 * @param variants    with the contents that leave: the campaign's own may change afterwards
 */
export async function startExperiment(
  ctx: Ctx,
  id: ExperimentId,
  {
    runId,
    split,
    recipients,
    variants,
  }: { runId: RunId; split: Split; recipients: number | null; variants: readonly Variant[] },
): Promise<void> {
  const row = await lockExperiment(ctx, id)
  if (!row) throw errors.not_found({ id })
  if (row.state !== 'draft') throw errors.already_begun({ id })
  const isContinuous = recipients === null
  const settings = resolveSettings(row.settings, { isContinuous })
  const { windowDays, counts } = await countedBy(ctx, row)
  const { rate } = await baselineOf(ctx, settings.metric, counts)
  const isOfMoneyOrGoals = settings.metric === 'conversion' || settings.metric === 'revenue'
  // Nobody knows how many will come: the plan is what a lift that is worth a test needs.
  const tested =
    recipients === null
      ? variants.length *
        peopleFor(rate, Math.min((1 + rate) / 2, rate * CONTINUOUS_LIFT), settings.confidence)
      : (recipients * (100 - settings.holdoutPercent) * settings.testPercent) / 10_000
  await markRunning(ctx, id, {
    split,
    runId,
    isContinuous,
    variants,
    plannedRecipients: Math.max(1, Math.round(tested)),
    baselineRate: rate,
    windowMinutes:
      row.settings.windowMinutes === null && isOfMoneyOrGoals
        ? windowDays * MINUTES_A_DAY
        : settings.windowMinutes,
    counts,
  })
  await enqueue(
    ctx,
    lookWork,
    { experimentId: id },
    { key: id, dueAt: new Date(ctx.now().getTime() + LOOK_AFTER_MS) },
  )
}

/** What counts as a conversion of a test that begins now. */
async function countedBy(
  ctx: Ctx,
  { campaignId, settings: { conversionEvent } }: Pick<Experiment, 'campaignId' | 'settings'>,
): Promise<{ windowDays: number; counts: ConversionRule['matches'] }> {
  const { windowDays, matches } = (await conversionRuleOf(ctx, campaignId)) ?? USUAL_RULE
  return {
    windowDays,
    counts:
      conversionEvent === null
        ? matches
        : [{ kind: 'event', type: `track:${conversionEvent}`, filters: [], valueMinor: null }],
  }
}

/** The people of one more run of a campaign that events set off take part in its test. In the caller's transaction. */
export async function addRunTo(ctx: Ctx, id: ExperimentId, runId: RunId, split: Split): Promise<void> {
  await addRun(ctx, id, runId, split)
}

/**
 * Notes whom a run of a test assigns where shares follow the evidence, before anything leaves: whoever comes again stays
 * there. In the caller's transaction. Source: statistics §3
 */
export async function noteAssigned(
  ctx: Ctx,
  { id, split }: Pick<Experiment, 'id' | 'split'>,
  runId: RunId,
  contactIds: readonly ContactId[],
): Promise<void> {
  if (split?.notedIn === undefined) return
  const assigned = contactIds.flatMap((contactId) => {
    const variant = assignVariant(contactId, split)
    return variant === null || variant === HOLDOUT ? [] : [{ contactId, variant }]
  })
  if (assigned.length > 0) await insertAssignments(ctx, id, runId, assigned)
}

/** Ends a test without a decision, because its campaign was cancelled. */
export async function stopExperiment(ctx: Ctx, id: ExperimentId): Promise<void> {
  await markStopped(ctx, id)
}

/**
 * Everything that is known of a test now.
 *
 * @throws experiments.not_found
 * Source: CS-006, DS-CampaignService.determineWinner
 */
export async function resultsOf(ctx: Ctx, id: ExperimentId): Promise<ExperimentResults> {
  const row = await experimentById(ctx, id)
  const { currency } = await organizationOf(ctx)
  const counts = await countTest(ctx, row)
  return describeResults(row, counts, setupFor(row), {
    currency,
    majorOf: (amount) => toMajor(amount, currency),
  })
}

/**
 * Adds figures that others report, such as those of a platform without an interface. They are shown, never decided by.
 *
 * @throws experiments.unknown_variant
 * Source: CB-5.3, TK-8.2, DS-CampaignService.trackVariantPerformance
 */
export function reportMetrics(
  ctx: Ctx,
  id: ExperimentId,
  letter: VariantId,
  metrics: ReportedMetrics,
): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const row = await lockExperiment(ctx, id)
    if (!row) throw errors.not_found({ id })
    const no = numberOf(letter)
    if (!row.variants.some((variant) => variant.no === no)) throw errors.unknown_variant({ id, letter })
    const before = row.reported[String(no)]
    const after: ReportedMetrics = {
      impressions: (before?.impressions ?? 0) + metrics.impressions,
      clicks: (before?.clicks ?? 0) + metrics.clicks,
      conversions: (before?.conversions ?? 0) + metrics.conversions,
      revenue: (before?.revenue ?? 0) + metrics.revenue,
    }
    await saveReported(ctx, id, { ...row.reported, [String(no)]: after })
    audit(
      ctx,
      'experiment.reported',
      { kind: 'campaign', id: row.campaignId },
      { experimentId: id, variant: letter, ...metrics },
    )
  })
}

/**
 * Ends a test by hand, or says what the rest gets after one that ended without a choice.
 *
 * @param choice  without a letter the proven winner is meant; any other variant needs a reason
 * @returns the number of the chosen variant
 * @throws experiments.not_begun · already_applied · no_winner · unknown_variant · silent_variant · reason_missing
 * Source: CB-5.5, TK-8.4, DS-CampaignService.applyWinner
 */
export function chooseByHand(
  ctx: Ctx,
  id: ExperimentId,
  choice: { letter: VariantId | null; reason: string | null },
): Promise<number> {
  return inTransaction(ctx, async (ctx) => {
    const row = await lockExperiment(ctx, id)
    if (!row) throw errors.not_found({ id })
    if (row.state === 'draft' || row.state === 'stopped') throw errors.not_begun({ id })
    if (row.appliedAt !== null) throw errors.already_applied({ id })
    const winner = row.decision?.winner ?? null
    const chosen = choice.letter === null ? winner : numberOf(choice.letter)
    if (chosen === null) throw errors.no_winner({ id })
    const variant = row.variants.find(({ no }) => no === chosen)
    if (!variant) throw errors.unknown_variant({ id })
    if (variant.isControl) throw errors.silent_variant({ id })
    const isProven = chosen === winner
    if (!isProven && (choice.reason ?? '').trim() === '')
      throw errors.reason_missing(
        { id },
        { problems: [{ path: 'reason', message: 'Say why this variant shall be used.' }] },
      )
    if (!isProven || row.state === 'running')
      await decide(ctx, row, {
        result: 'by_hand',
        reason: row.decision?.reason ?? row.verdict?.reason ?? null,
        winner,
        chosen,
        statedReason: choice.reason,
        engineVersion: ENGINE_VERSION,
        inputs: row.decision?.inputs ?? null,
      })
    return chosen
  })
}

/** Notes that the chosen variant goes to the rest. In the caller's transaction. */
export async function noteApplied(ctx: Ctx, row: Experiment, no: number): Promise<void> {
  const by = `${ctx.actor.kind}:${ctx.actor.id}`
  await markApplied(ctx, row.id, by)
  audit(
    ctx,
    'experiment.applied',
    { kind: 'campaign', id: row.campaignId },
    { experimentId: row.id, variant: letterOf(no) },
  )
  tellScreens(ctx, row.id)
  announce(ctx, experimentApplied, { experimentId: row.id, variant: no }, { campaignId: row.campaignId })
}

/** What a test of these settings could show with so many people. Source: statistics §8 */
export async function planExperiment(
  ctx: Ctx,
  test: Pick<Experiment, 'campaignId' | 'settings' | 'variants'>,
  recipients: number,
): Promise<PlanResult> {
  const { settings, variants } = test
  const { rate, isOwn } = await baselineOf(ctx, settings.metric, (await countedBy(ctx, test)).counts)
  const playing = variants.filter((variant) => !variant.isControl)
  return planTest({
    baselineRate: rate,
    baselineIsOwn: isOwn,
    recipients,
    holdoutPercent: settings.holdoutPercent,
    testPercent: settings.testPercent,
    smallestPercent: Math.min(...playing.map((variant) => variant.percent)),
    variants: playing.length,
    confidence: settings.confidence,
  })
}

/** What figures call the people who did what a metric counts. */
const COUNTED_AS = { open: 'opened', click: 'clicked', conversion: 'converted' } as const

async function baselineOf(
  ctx: Ctx,
  metric: Metric,
  counts: ConversionRule['matches'],
): Promise<{ rate: number; isOwn: boolean }> {
  const asked = metric === 'conversion' ? doneWhere(counts) : metric
  const usual = { rate: USUAL_RATES[asked], isOwn: false }
  if (asked === 'revenue') return usual
  const since = new Date(ctx.now().getTime() - HISTORY_DAYS * DAY_MS)
  const { people, recipients } = await usualRate(ctx, COUNTED_AS[asked], since)
  if (recipients < HISTORY_RECIPIENTS_MIN || people === 0 || people >= recipients) return usual
  return { rate: people / recipients, isOwn: true }
}

/** Where a click or an open is what counts, it is as usual as clicks or opens are. */
const doneWhere = (counts: ConversionRule['matches']): 'open' | 'click' | 'conversion' =>
  counts.some(({ kind }) => kind === 'engagement')
    ? 'open'
    : counts.some(({ kind }) => kind === 'click')
      ? 'click'
      : 'conversion'

/** Major units of a currency with any number of decimals. */
function toMajor(amountMinor: number, currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  return amountMinor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2)
}
