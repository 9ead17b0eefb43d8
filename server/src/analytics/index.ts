/** The door of the room analytics: counters, live figures and reports. */
import { room } from '../platform/room.ts'
import { countEngagement } from './counters.ts'
import { forgetEngagement, forgetLinkEngagement } from './engagement-queries.ts'
import { profileEraseSteps } from './profiles/erase.ts'
import { reconcileFigures } from './reconcile.ts'
import { forgetMinutes, rollUp } from './roller.ts'
export { addDeltas, appendDeltas, ledgerDeltas } from './deltas.ts'
export type { MetricDelta, MetricSubject } from './metric-delta.ts'
export { activityOf } from './activity.ts'
export { campaignFigures, figuresOf, hourlyFigures, linkFiguresOf } from './figures.ts'
export type { Engagement, MetricName } from './names.ts'
export { checkFigures, rebuildFigures, type Discrepancy } from './reconcile.ts'
export { peopleOf, type PeopleQuestion } from './people.ts'

/** The room, as app.ts lists it. */
export const analytics = room('analytics', {
  schedules: [rollUp, reconcileFigures, forgetMinutes],
  consumers: [countEngagement],
  erase: { engagement: forgetEngagement, link_engagement: forgetLinkEngagement, ...profileEraseSteps },
})
