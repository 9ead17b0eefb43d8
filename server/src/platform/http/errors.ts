/** Errors that any route may answer. */
import { defineErrors } from '../errors.ts'

export const errors = defineErrors('request', {
  invalid: { status: 400, message: 'Some of what was sent is not right.' },
  cursor_foreign: {
    status: 400,
    message: 'A cursor goes on in the list that gave it, with the same filters and order.',
  },
  not_signed_in: { status: 401, message: 'Sign in, or send a valid API key.' },
  no_organization: { status: 403, message: 'Choose an organization first.' },
  not_permitted: { status: 403, message: 'Your role does not allow this.' },
  origin_not_allowed: { status: 403, message: 'This request must come from Fanfare’s own pages.' },
  not_found: { status: 404, message: 'There is nothing here.' },
  too_large: { status: 413, message: 'What was sent is too large.' },
  type_not_supported: { status: 415, message: 'Send JSON, with the content type application/json.' },
  key_reused: { status: 422, message: 'This Idempotency-Key was used for another request.' },
  still_running: { status: 409, message: 'The first request with this Idempotency-Key is still running.' },
  too_many: { status: 429, message: 'Too many requests. Wait a little and try again.' },
  unavailable: {
    status: 503,
    message: 'The database cannot be used just now. Nothing was changed; try again shortly.',
  },
  storage_full: {
    status: 503,
    message: 'The disk is full. Nothing was changed; free some space and try again.',
  },
})
