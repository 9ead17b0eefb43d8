/** The report of a campaign: what analytics has counted, beside where delivery stands. */
import {
  activityOf,
  campaignFigures,
  channelFigures,
  hourlyFigures,
  linkFiguresOf,
  peopleOf,
  runFigures,
  runsOf,
  type PeopleQuestion,
} from '../../analytics/index.ts'
import { latestRun, runProgress } from '../../delivery/index.ts'
import { shareInterval } from '../../experiments/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { madeAt, type CampaignId, type RunId } from '../../platform/ids.ts'
import { FileAnswer } from '../../platform/wire.ts'
import { errors } from '../errors.ts'
import { readCampaign, type CampaignRow } from '../queries.ts'
import { channelStanding } from '../control/desk.ts'
import type { Report } from '../schema.ts'
import { reportCsv } from './report-csv.ts'
import { reportLines, reportPaper } from './report-paper.ts'

/** Runs of a report: a weekly campaign's year. */
const RUNS_SHOWN_MAX = 53

/**
 * All of a campaign, or one of its runs.
 * @throws campaigns.not_found, run_not_found Source: CS-011, CS-012, DS-CampaignAnalyticsService.getCampaignMetrics
 */
export async function campaignReport(ctx: Ctx, id: CampaignId, runId: RunId | null = null): Promise<Report> {
  const campaign = await readOrRefuse(ctx, id)
  if (runId !== null && !(await runsOf(ctx, id)).includes(runId)) throw errors.run_not_found({ id, runId })
  return {
    campaignId: id,
    name: campaign.name,
    status: campaign.status,
    updatedAt: ctx.now(),
    sending: await sendingOf(ctx, id, runId),
    figures: await campaignFigures(ctx, id, runId),
    channels: await channelFigures(ctx, id, runId),
    activity: await activityOf(ctx, id, runId),
    hours: await hourlyFigures(ctx, id, runId),
    links: (await linkFiguresOf(ctx, id, runId)).map((link) => ({
      ...link,
      interval: shareInterval(link.people, link.whole),
    })),
  }
}

/** The figures alone. @throws campaigns.not_found */
export async function campaignMetrics(ctx: Ctx, id: CampaignId): Promise<Report['figures']> {
  await readOrRefuse(ctx, id)
  return campaignFigures(ctx, id)
}

/** The latest runs of a campaign that repeats, each by itself. @throws campaigns.not_found */
export async function campaignRuns(
  ctx: Ctx,
  id: CampaignId,
): Promise<{ runId: RunId; startedAt: Date; figures: Report['figures'] }[]> {
  await readOrRefuse(ctx, id)
  return (await runFigures(ctx, id, RUNS_SHOWN_MAX)).map((run) => ({ ...run, startedAt: madeAt(run.runId) }))
}

/** The report in the format asked for. @throws campaigns.not_found Source: CS-012.6, FR-006.7, CB-15.4 */
export async function reportAs(
  ctx: Ctx,
  id: CampaignId,
  { format, runId }: { format: 'json' | 'csv' | 'pdf'; runId?: RunId | undefined },
): Promise<Report | FileAnswer> {
  const report = await campaignReport(ctx, id, runId)
  const name = `report-${report.updatedAt.toISOString().slice(0, 10)}`
  switch (format) {
    case 'json':
      return report
    case 'csv':
      return new FileAnswer(
        'text/csv; charset=utf-8',
        `${name}.csv`,
        reportCsv(report, await reportLines(ctx, id)),
      )
    case 'pdf':
      return new FileAnswer('application/pdf', `${name}.pdf`, await reportPaper(ctx, id))
  }
}

/** Who is behind a number of the report. @throws campaigns.not_found Source: CS-017.5 */
export async function peopleBehindFigure(
  ctx: Ctx,
  id: CampaignId,
  question: PeopleQuestion,
): ReturnType<typeof peopleOf> {
  await readOrRefuse(ctx, id)
  return peopleOf(ctx, id, question)
}

/** Of a run, or of the latest; why that one is held up is known beside it. */
async function sendingOf(ctx: Ctx, id: CampaignId, runId: RunId | null): Promise<Report['sending']> {
  const latest = await latestRun(ctx, id)
  if (!latest) return null
  const run = runId === null || runId === latest.id ? latest : { id: runId, trouble: null }
  const {
    state,
    isResolved,
    waiting,
    deferred,
    cancelled,
    perMinute,
    expectedFinishAt,
    startedAt,
    firstHandoverAt,
    completedAt,
    failure,
    channels,
  } = await runProgress(ctx, run.id)
  return {
    runId: run.id,
    state,
    isResolved,
    waiting,
    deferred,
    cancelled,
    perMinute,
    expectedFinishAt,
    startedAt,
    firstHandoverAt,
    completedAt,
    trouble: failure ?? run.trouble,
    channels: channels.map((one) => channelStanding(ctx, one)),
  }
}

async function readOrRefuse(ctx: Ctx, id: CampaignId): Promise<CampaignRow> {
  const campaign = await readCampaign(ctx, id)
  if (!campaign) throw errors.not_found({ id })
  return campaign
}
