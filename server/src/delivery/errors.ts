/** What delivery refuses. */
import { defineErrors } from '../platform/errors.ts'

export const errors = defineErrors('delivery', {
  run_not_found: { status: 404, message: 'No such run.' },
  run_not_pausable: { status: 409, message: 'Only a run that is under way can be paused.' },
  run_not_resumable: { status: 409, message: 'Only a paused run can be resumed.' },
  run_not_cancellable: { status: 409, message: 'This run has already ended.' },
  nothing_to_send_again: {
    status: 409,
    message: 'Nothing here can be sent again: it arrived, waits already, or its campaign was cancelled.',
  },
  nothing_waits_again: { status: 409, message: 'Nothing that is sent again waits, or rests, here.' },
  message_not_found: { status: 404, message: 'No such message.' },
  message_refused: { status: 400, message: 'These messages cannot be taken.' },
  reason_needed: { status: 422, message: 'Loosening legal hours needs a reason.' },
  caps_invalid: { status: 400, message: 'These rules cannot be used.' },
  sender_not_found: { status: 404, message: 'No such sender.' },
  sender_exists: { status: 409, message: 'A sender with this name and address exists already.' },
  domain_not_found: { status: 404, message: 'No such sending domain.' },
  renewal_under_way: {
    status: 409,
    message: 'New keys of this domain wait already. Publish their records, then check again.',
  },
  domain_exists: { status: 409, message: 'This domain is already a sending domain.' },
  mail_not_taken: { status: 502, message: 'The mail was not taken.' },
  provider_not_found: { status: 404, message: 'No such provider.' },
  provider_invalid: { status: 400, message: 'These settings cannot be used.' },
  providers_too_many: { status: 409, message: 'There are as many providers as there may be.' },
  hook_not_found: { status: 404, message: 'There is nothing here.' },
  inbox_not_found: { status: 404, message: 'There is nothing here.' },
  read_invalid: { status: 400, message: 'These messages cannot be marked.' },
  alert_not_found: { status: 404, message: 'No such alert.' },
  mailbox_message_not_found: { status: 404, message: 'No such mail in the mailbox.' },
})
