/** What campaigns do by themselves: start when planned, end when delivery ends, forget what was deleted. */
import {
  budgetSentence,
  runCompleted,
  runFailed,
  runOutOfBudget,
  runTripped,
  tripSentence,
} from '../delivery/index.ts'
import { budgetRaised } from '../budgets/index.ts'
import { experimentDecided } from '../experiments/index.ts'
import { defineConsumer } from '../platform/events/index.ts'
import type { CampaignId, ExperimentId } from '../platform/ids.ts'
import { defineJob, defineSchedule, enqueue } from '../platform/jobs/index.ts'
import { tellAuthorOfDecision } from './ab-test/decision-mail.ts'
import { followDecision } from './ab-test/direct-test.ts'
import {
  completeCampaign,
  failCampaign,
  goOnAfterRaise,
  stopForBudget,
  tripCampaign,
} from './service/lifecycle.ts'
import { remindOfStart, startPlanned } from './service/planned-start.ts'
import { purgeDeleted } from './service/trash.ts'
import { tendTriggered } from './triggered/switch.ts'
import { stopMail } from './service/stop-mail.ts'
import { tellAuthor } from './service/tell-author.ts'
import { tellOwnersOfBudget, watchBudgetsOf } from './service/watch-budgets.ts'
import {
  remindAuthor,
  startScheduled,
  tellBudget,
  tellDecided,
  tellOutOfBudget,
  tellStopped,
} from './work.ts'

/** Starts a campaign at its planned instant. */
export const startScheduledCampaign = defineJob({
  ...startScheduled,
  handle: async (ctx, { campaignId, plannedAt }) => {
    await startPlanned(ctx, campaignId as CampaignId, new Date(plannedAt)) // written by planStart
  },
})

/** Tells a campaign's author that its start is near. */
export const remindAuthorOfStart = defineJob({
  ...remindAuthor,
  handle: (ctx, { campaignId, plannedAt }) =>
    remindOfStart(ctx, campaignId as CampaignId, new Date(plannedAt)), // written by planStart
})

/** Tells a campaign's author that a breaker stopped it. */
export const tellAuthorOfBreaker = defineJob({
  ...tellStopped,
  handle: (ctx, { campaignId, trip }) =>
    tellAuthor(
      ctx,
      campaignId as CampaignId, // written by tripCampaign
      stopMail((locale) => tripSentence(locale, trip)),
    ),
})

/** Tells a campaign's author that its budget is used up. */
export const tellAuthorOfBudget = defineJob({
  ...tellOutOfBudget,
  handle: (ctx, { campaignId, why }) =>
    tellAuthor(
      ctx,
      campaignId as CampaignId, // written by stopForBudget
      stopMail((locale) => budgetSentence(locale, why)),
    ),
})

/** Tells a campaign's author how its test ended. */
export const tellAuthorOfTest = defineJob({
  ...tellDecided,
  handle: (ctx, { experimentId }) => tellAuthorOfDecision(ctx, experimentId as ExperimentId), // written by followTests
})

/** Tells owners how much of a budget is used. */
export const tellOwnersBudget = defineJob({
  ...tellBudget,
  handle: (ctx, { campaignId, ...news }) =>
    tellOwnersOfBudget(ctx, { ...news, campaignId: campaignId as CampaignId | null }), // written by watchBudgetsOf
})

/** Budgets are looked at every minute. Source: CB-9.3 */
export const watchBudgets = defineSchedule({
  name: 'campaigns.watch_budgets',
  everyMs: 60_000,
  perOrganization: true,
  handle: watchBudgetsOf,
})

/** What a budget of months stopped goes on when that is raised. */
export const followBudgets = defineConsumer({
  name: 'campaigns.follow_budgets',
  types: [budgetRaised.type],
  handle: async (ctx, events) => {
    const scopes = new Set(events.map(({ payload }) => budgetRaised.payload.parse(payload).scope))
    for (const scope of scopes) await goOnAfterRaise(ctx, scope)
  },
})

/** A campaign ends when its run ends, and rests when a breaker or its budget stopped it. */
export const followRuns = defineConsumer({
  name: 'campaigns.follow_runs',
  types: [runCompleted.type, runFailed.type, runTripped.type, runOutOfBudget.type],
  handle: async (ctx, events) => {
    for (const event of events) {
      if (event.campaignId === null) continue
      if (event.type === runFailed.type)
        await failCampaign(ctx, event.campaignId, runFailed.payload.parse(event.payload).reason)
      else if (event.type === runTripped.type) {
        await tripCampaign(ctx, event.campaignId, runTripped.payload.parse(event.payload))
      } else if (event.type === runOutOfBudget.type) {
        await stopForBudget(ctx, event.campaignId, runOutOfBudget.payload.parse(event.payload))
      } else await completeCampaign(ctx, event.campaignId)
    }
  },
})

/** A test that was decided goes on to everybody who is left, and its author hears of it. What a person chose is carried out with their choice. */
export const followTests = defineConsumer({
  name: 'campaigns.follow_tests',
  types: [experimentDecided.type],
  handle: async (ctx, events) => {
    for (const event of events) {
      const { experimentId, result } = experimentDecided.payload.parse(event.payload)
      if (result === 'by_hand') continue
      await followDecision(ctx, experimentId as ExperimentId) // written by the deciding look
      await enqueue(ctx, tellDecided, { experimentId }, { key: experimentId })
    }
  },
})

/** What campaigns that events set off need now and then. */
export const tendTriggers = defineSchedule({
  name: 'campaigns.tend_triggered',
  everyMs: 3_600_000,
  perOrganization: true,
  handle: tendTriggered,
})

/** Campaigns deleted for more than 30 days go for good. Source: CS-016.7 */
export const purgeCampaigns = defineSchedule({
  name: 'campaigns.purge_deleted',
  everyMs: 24 * 3_600_000,
  perOrganization: true,
  handle: purgeDeleted,
})
