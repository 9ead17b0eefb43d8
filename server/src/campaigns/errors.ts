/** What campaigns refuse. */
import { defineErrors } from '../platform/errors.ts'

export const errors = defineErrors('campaigns', {
  not_found: { status: 404, message: 'No such campaign.' },
  run_not_found: { status: 404, message: 'No such run of this campaign.' },
  state_forbids: { status: 409, message: 'This is not possible in the campaign’s present state.' },
  edited_meanwhile: {
    status: 409,
    message: 'Somebody else has saved this campaign meanwhile. Reload it and apply your changes again.',
  },
  changed_since: {
    status: 409,
    message: 'This campaign has been changed since you looked at it. Look at it once more, then launch it.',
  },
  not_ready: { status: 422, message: 'This campaign cannot leave yet. Put the listed points right first.' },
  too_soon: { status: 422, message: 'The start must lie at least five minutes ahead.' },
  no_start: { status: 422, message: 'This plan names no day on which it would run.' },
  cron_invalid: {
    status: 422,
    message: 'This is not a cron expression of five fields that runs at most 48 times a day.',
  },
  schedule_passed: {
    status: 409,
    message: 'The planned start has passed meanwhile. Choose another time, or launch now.',
  },
  delivery_fixed: {
    status: 409,
    message: 'How a campaign leaves can be changed while it is a draft. Duplicate it to change that.',
  },
  trigger_invalid: { status: 400, message: 'This trigger cannot be used as it is.' },
  reason_needed: { status: 422, message: 'Say why this campaign may go on.' },
  revision_not_found: { status: 404, message: 'There is no such version of this campaign.' },
  test_not_found: { status: 404, message: 'This campaign has no test.' },
  test_invalid: { status: 422, message: 'This test cannot be set up like this.' },
  cursor_invalid: { status: 400, message: 'This page address is not valid. Start from the first page.' },
})
