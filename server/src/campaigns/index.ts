/** The door of campaigns: plans to reach an audience, and their lives. */
import { toWire } from '../platform/ids.ts'
import { anyJob } from '../platform/jobs/index.ts'
import { room } from '../platform/room.ts'
import { registerCampaignNames } from '../consent/index.ts'
import { registerCampaigns, registerMembershipListener, registerUse } from '../segments/index.ts'
import { rowsOf } from '../platform/rights.ts'
import {
  followBudgets,
  followRuns,
  followTests,
  purgeCampaigns,
  remindAuthorOfStart,
  tellAuthorOfBreaker,
  tellAuthorOfBudget,
  tellAuthorOfTest,
  tellOwnersBudget,
  startScheduledCampaign,
  tendTriggers,
  watchBudgets,
} from './jobs.ts'
import { followTriggers } from './triggered/follow-events.ts'
import { handOverTriggeredJob } from './triggered/hand-over.ts'
import { forgetEnrolments, segmentsListenedTo } from './triggered/queries.ts'
import { campaignsUsingSegments } from './queries.ts'
import { selectNamed, selectSent } from './rule-queries.ts'
import { routes } from './routes.ts'
export * as campaignEvents from './events.ts'
export { createCampaign, duplicateCampaign, updateCampaign } from './service/plan.ts'
export {
  cancelCampaign,
  launchCampaign,
  pauseCampaign,
  resumeCampaign,
  scheduleCampaign,
} from './service/lifecycle.ts'
export { writeTest } from './ab-test/write-test.ts'
export { describeCampaign, listPage } from './service/read.ts'
export { campaignReport, reportAs } from './service/report.ts'
export { rateLines, type CsvLine } from './service/report-csv.ts'
export { registerReportPaper } from './service/report-paper.ts'
export {
  abTestInput,
  CAMPAIGN_TYPES,
  CHANNELS,
  plan as campaignPlan,
  type Campaign,
  type CampaignSummary,
  type Channel,
  type Report,
} from './schema.ts'

// Segments lie below and must not know campaigns: they ask whoever has registered.
registerUse('campaigns', async (ctx, segmentIds) =>
  (await campaignsUsingSegments(ctx, segmentIds)).map((use) => ({
    ...use,
    kind: 'campaign',
    id: toWire('campaign', use.id),
  })),
)

registerCampaigns({ named: selectNamed, find: selectSent })

// Entries go to the log where a campaign that is switched on waits for them.
registerMembershipListener('campaigns', segmentsListenedTo)

// A proof of consent says what campaigns are called.
registerCampaignNames(
  async (ctx, ids) => new Map((await selectNamed(ctx, ids)).map(({ id, name }) => [id, name])),
)

export const campaigns = room('campaigns', {
  routes,
  jobs: [
    anyJob(startScheduledCampaign),
    anyJob(remindAuthorOfStart),
    anyJob(tellAuthorOfBreaker),
    anyJob(tellAuthorOfBudget),
    anyJob(tellAuthorOfTest),
    anyJob(tellOwnersBudget),
    anyJob(handOverTriggeredJob),
  ],
  schedules: [purgeCampaigns, tendTriggers, watchBudgets],
  consumers: [followTriggers, followRuns, followTests, followBudgets],
  erase: {
    campaign_enrolment: async (ctx, contactId) => void (await forgetEnrolments(ctx, contactId)),
  },
  access: {
    campaign_enrolment: rowsOf(
      'campaign_enrolment',
      {
        en: 'Messages that something you did was to set off.',
        fr: 'Les messages qu’une de vos actions devait déclencher.',
      },
      'triggered_at, campaign_id, event_seq',
    ),
  },
})
