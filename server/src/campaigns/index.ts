/** The door of campaigns: plans to reach an audience, and their lives. */
import { toWire } from '../platform/ids.ts'
import { anyJob } from '../platform/jobs/index.ts'
import { room } from '../platform/room.ts'
import { registerCampaignNames } from '../consent/index.ts'
import { registerCampaigns, registerUse } from '../segments/index.ts'
import {
  followRuns,
  followTests,
  purgeCampaigns,
  remindAuthorOfStart,
  tellAuthorOfBreaker,
  startScheduledCampaign,
} from './jobs.ts'
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
export { describeCampaign, listPage } from './service/read.ts'
export { campaignReport } from './service/report.ts'
export { registerReportPaper } from './service/report-paper.ts'
export {
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

// A proof of consent says what campaigns are called.
registerCampaignNames(
  async (ctx, ids) => new Map((await selectNamed(ctx, ids)).map(({ id, name }) => [id, name])),
)

export const campaigns = room('campaigns', {
  routes,
  jobs: [anyJob(startScheduledCampaign), anyJob(remindAuthorOfStart), anyJob(tellAuthorOfBreaker)],
  schedules: [purgeCampaigns],
  consumers: [followRuns, followTests],
})
