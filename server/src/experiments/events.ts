/** What experiments announce. */
import { z } from 'zod'
import { defineEvent } from '../platform/events/index.ts'

/** A test has ended: with a winner, without one, or by hand. Who directs the campaign acts on it. */
export const experimentDecided = defineEvent(
  'experiment.decided',
  z.object({
    experimentId: z.string(),
    result: z.enum(['winner', 'inconclusive', 'by_hand']),
    /** The proven winner's number, or null. */
    winner: z.number().int().nullable(),
    /** The variant that the rest shall get; null to wait for a person. */
    chosen: z.number().int().nullable(),
  }),
)

/** The chosen variant goes to everybody who is left. */
export const experimentApplied = defineEvent(
  'experiment.applied',
  z.object({ experimentId: z.string(), variant: z.number().int() }),
)
