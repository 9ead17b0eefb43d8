/** The work that campaigns ask for. */
import { z } from 'zod'
import { BUDGET_OWNERS } from '../budgets/index.ts'
import { runOutOfBudget, runTripped } from '../delivery/index.ts'
import { defineWork } from '../platform/jobs/index.ts'

/** The mail to a campaign's author a while before it starts. */
export const remindAuthor = defineWork({
  kind: 'campaigns.remind_author',
  lane: 'transactional',
  payload: z.object({ campaignId: z.string(), plannedAt: z.iso.datetime() }),
  attemptsMax: 5,
})

/** The start of a campaign at its planned instant. In the trigger lane: people wait for it. Source: NFR-001.3 */
export const startScheduled = defineWork({
  kind: 'campaigns.start_scheduled',
  lane: 'trigger',
  payload: z.object({ campaignId: z.string(), plannedAt: z.iso.datetime() }),
  attemptsMax: 20,
})

/** Tells a campaign's author that a breaker stopped it. */
export const tellStopped = defineWork({
  kind: 'campaigns.tell_stopped',
  lane: 'transactional',
  payload: z.object({ campaignId: z.string(), trip: runTripped.payload }),
  attemptsMax: 5,
})

/** Tells a campaign's author that its budget is used up. */
export const tellOutOfBudget = defineWork({
  kind: 'campaigns.tell_out_of_budget',
  lane: 'transactional',
  payload: z.object({ campaignId: z.string(), why: runOutOfBudget.payload }),
  attemptsMax: 5,
})

/** Tells a campaign's author how its test ended. */
export const tellDecided = defineWork({
  kind: 'campaigns.tell_decided',
  lane: 'transactional',
  payload: z.object({ experimentId: z.string() }),
  attemptsMax: 5,
})

/** Tells the organization's owners that a budget is nearly used up, or used up. */
export const tellBudget = defineWork({
  kind: 'campaigns.tell_budget',
  lane: 'transactional',
  payload: z.object({
    scope: z.enum(BUDGET_OWNERS),
    campaignId: z.string().nullable(),
    percent: z.number(),
    limitMinor: z.number(),
    usedMinor: z.number(),
  }),
  attemptsMax: 5,
})

/** Hands those who are due by an event over to delivery. In the first lane: somebody waits for each. Source: NFR-001.4 */
export const handOverTriggered = defineWork({
  kind: 'campaigns.hand_over_triggered',
  lane: 'trigger',
  payload: z.object({}),
  attemptsMax: 500,
})
