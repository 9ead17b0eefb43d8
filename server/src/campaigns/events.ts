/** What campaigns announce, and what of lower rooms they listen to. */
import { z } from 'zod'
import { defineEvent } from '../platform/events/index.ts'

const about = z.object({ campaignId: z.string() })

export const campaignCreated = defineEvent('campaign.created', about)
export const campaignUpdated = defineEvent('campaign.updated', about)
export const campaignScheduled = defineEvent('campaign.scheduled', about.extend({ scheduledAt: z.string() }))
/** A planned start is near: its author is told. */
export const campaignLaunchNear = defineEvent(
  'campaign.launch_near',
  about.extend({ scheduledAt: z.string() }),
)
export const campaignLaunched = defineEvent('campaign.launched', about.extend({ runId: z.string() }))
/** `reason` where it was not a person who paused it. */
export const campaignPaused = defineEvent('campaign.paused', about.extend({ reason: z.string().optional() }))
/** A planned instant went by without a run. */
export const campaignStartMissed = defineEvent(
  'campaign.start_missed',
  about.extend({ plannedAt: z.string(), why: z.enum(['missed', 'paused']) }),
)
export const campaignResumed = defineEvent('campaign.resumed', about)
export const campaignCancelled = defineEvent('campaign.cancelled', about)
export const campaignCompleted = defineEvent('campaign.completed', about)
export const campaignFailed = defineEvent('campaign.failed', about.extend({ reason: z.string() }))
export const campaignDeleted = defineEvent('campaign.deleted', about)
