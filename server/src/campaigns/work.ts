/** The work that campaigns ask for. */
import { z } from 'zod'
import { defineWork } from '../platform/jobs/index.ts'

/** The start of a campaign at its planned instant. In the trigger lane: people wait for it. Source: NFR-001.3 */
export const startScheduled = defineWork({
  kind: 'campaigns.start_scheduled',
  lane: 'trigger',
  payload: z.object({ campaignId: z.string(), plannedAt: z.iso.datetime() }),
  attemptsMax: 20,
})
