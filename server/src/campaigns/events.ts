/** What campaigns announce, and what of lower rooms they listen to. */
import { z } from 'zod'
import { defineEvent } from '../platform/events/index.ts'

const about = z.object({ campaignId: z.string() })

export const campaignCreated = defineEvent('campaign.created', about)
export const campaignUpdated = defineEvent('campaign.updated', about)
export const campaignScheduled = defineEvent('campaign.scheduled', about.extend({ scheduledAt: z.string() }))
export const campaignLaunched = defineEvent('campaign.launched', about.extend({ runId: z.string() }))
export const campaignPaused = defineEvent('campaign.paused', about)
export const campaignResumed = defineEvent('campaign.resumed', about)
export const campaignCancelled = defineEvent('campaign.cancelled', about)
export const campaignCompleted = defineEvent('campaign.completed', about)
export const campaignFailed = defineEvent('campaign.failed', about.extend({ reason: z.string() }))
export const campaignDeleted = defineEvent('campaign.deleted', about)
