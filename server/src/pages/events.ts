/** What the room pages announces. */
import { z } from 'zod'
import { defineEvent } from '../platform/events/index.ts'

/** Somebody sent a form in. With double opt-in nothing is agreed to yet. */
export const formSubmitted = defineEvent(
  'pages.form_submitted',
  z.object({ formId: z.string(), version: z.number().int(), isConfirmed: z.boolean() }),
)

/** Somebody confirmed by the link in their mail what they had ticked. */
export const subscriptionConfirmed = defineEvent(
  'pages.subscription_confirmed',
  z.object({ formId: z.string(), version: z.number().int() }),
)
