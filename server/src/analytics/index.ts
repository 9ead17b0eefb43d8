/** The door of the room analytics: counters, live figures and reports. */
import { anyJob } from '../platform/jobs/index.ts'
import { nothingToGive, rowsOf } from '../platform/rights.ts'
import { room } from '../platform/room.ts'
import { creditConversions } from './conversions/consumer.ts'
import { forgetConversions, forgetCredits } from './conversions/queries.ts'
import { creditCampaignAgain } from './conversions/reckon.ts'
import { countEngagement } from './counters.ts'
import { forgetEngagement, forgetLinkEngagement } from './engagement-queries.ts'
import { followProfiles } from './profiles/consumer.ts'
import { engagementAccess } from './profiles/access.ts'
import { profileEraseSteps } from './profiles/erase.ts'
import { refigureManyJob } from './profiles/present.ts'
import { countReceived } from './profiles/received.ts'
import { refigureJob } from './profiles/refigure.ts'
import { keepProfilesFresh, refreshJob } from './profiles/refresh.ts'
import { messageDetails } from './retention.ts'
import { reconcileFigures } from './reconcile.ts'
import { forgetMinutes, rollUp } from './roller.ts'
import { routes } from './routes.ts'
export { addDeltas, appendDeltas, ledgerDeltas } from './deltas.ts'
export type { MetricDelta, MetricSubject } from './metric-delta.ts'
export { activityOf } from './activity.ts'
export { countsFrom, deliveredIn, handedOverIn, type Counts } from './counts.ts'
export {
  campaignFigures,
  runFigures,
  channelFigures,
  figuresFrom,
  figuresOf,
  hourlyFigures,
  linkFiguresOf,
  ratesFrom,
} from './figures.ts'
export {
  countsOfEach,
  countsOfEachChannel,
  countsWithin,
  hoursWithin,
  stepsWithin,
} from './totals/queries.ts'
export { billedAs, type Engagement, type MetricName } from './names.ts'
export {
  checkFigures,
  rebuildAnalytics,
  rebuildFigures,
  type AnalyticsReport,
  type Discrepancy,
} from './reconcile.ts'
export { peopleOf, type PeopleQuestion } from './people.ts'
export type { LinkFigures } from './schema.ts'
export { conversionRuleOf, rebuildConversions, setConversionRule } from './conversions/reckon.ts'
export {
  countedOfMessages,
  DEEDS_WITH_MESSAGES,
  matchOf,
  messageMatchOf,
  PARTS,
  USUAL_RULE,
  type ConversionRule,
} from './conversions/rules.ts'
export { countsByRun, runsOf } from './figure-queries.ts'
export { journeysOf, OTHER_STOPS, type StopCredit } from './attribution/journeys-of.ts'
export { campaignModel, modelsOf, organizationModel, setCampaignModel } from './attribution/chosen.ts'
export { ATTRIBUTION_MODELS, type AttributionModel } from './attribution/models.ts'

export { rebuildProfiles, type ProfileDifference, type RebuildReport } from './profiles/rebuild.ts'
export { profilesChanged } from './profiles/events.ts'
export { hasHours } from './profiles/people-queries.ts'

/** The room, as app.ts lists it. */
export const analytics = room('analytics', {
  routes,
  schedules: [rollUp, reconcileFigures, forgetMinutes, countReceived, keepProfilesFresh],
  jobs: [anyJob(refigureJob), anyJob(refigureManyJob), anyJob(refreshJob), anyJob(creditCampaignAgain)],
  consumers: [countEngagement, followProfiles, creditConversions],
  erase: {
    engagement: forgetEngagement,
    link_engagement: forgetLinkEngagement,
    conversion: forgetConversions,
    conversion_credit: forgetCredits,
    ...profileEraseSteps,
  },
  retention: [messageDetails],
  access: {
    engagement: rowsOf(
      'engagement',
      {
        en: 'How often you opened and followed each message.',
        fr: 'Combien de fois vous avez ouvert et suivi chaque message.',
      },
      'run_id, channel',
    ),
    link_engagement: rowsOf(
      'link_engagement',
      { en: 'Which links you followed.', fr: 'Les liens que vous avez suivis.' },
      'run_id, channel, link_no',
    ),
    conversion: rowsOf(
      'conversion',
      {
        en: 'What you did that counted as reaching a goal.',
        fr: 'Ce que vous avez fait qui a compté comme un objectif atteint.',
      },
      'seq',
    ),
    conversion_credit: rowsOf(
      'conversion_credit',
      { en: 'Which messages were held to have led to it.', fr: 'Les messages auxquels cela a été attribué.' },
      'seq, touch_no',
    ),
    contact_profile: rowsOf(
      'contact_profile',
      {
        en: 'What was worked out from what you did: orders, scores, best hours.',
        fr: 'Ce qui a été calculé d’après vos actions : commandes, scores, meilleures heures.',
      },
      'updated_at',
    ),
    contact_other_money: rowsOf(
      'contact_other_money',
      { en: 'What you spent in other currencies.', fr: 'Ce que vous avez dépensé dans d’autres devises.' },
      'currency',
    ),
    contact_engagement: engagementAccess,
    received_block: nothingToGive({
      en: 'How many messages you received: it is told with how often you answered, per channel.',
      fr: 'Combien de messages vous avez reçus : cela est donné avec vos réponses, par canal.',
    }),
  },
})
