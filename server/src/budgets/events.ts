/** What budgets tell rooms above. */
import { z } from 'zod'
import { defineEvent } from '../platform/events/index.ts'
import { BUDGET_SCOPES } from './schema.ts'

/** A budget of months was raised or taken away: what it stopped may go on. */
export const budgetRaised = defineEvent('budget.raised', z.object({ scope: z.enum(BUDGET_SCOPES) }))
