/** What can be wrong with a question to reports. */
import { defineErrors } from '../platform/errors.ts'

export const errors = defineErrors('reports', {
  campaign_not_found: { status: 404, message: 'No such campaign.' },
  period_invalid: { status: 400, message: 'The period ends before it begins, or is longer than five years.' },
})
