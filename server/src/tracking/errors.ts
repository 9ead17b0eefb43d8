/** What can be wrong with what the record is asked. */
import { defineErrors } from '../platform/errors.ts'
import { BATCH_BYTES_MAX, BATCH_MESSAGES_MAX } from './intake/limits.ts'
import { MESSAGE_BYTES_MAX } from './intake/message.ts'

export const errors = defineErrors('tracking', {
  write_key_unknown: {
    status: 401,
    message:
      'This write key is not known, or was revoked. Send the write key of a source as user of Basic authentication, or as writeKey in the body.',
  },
  messages_invalid: { status: 400, message: 'Nothing was recorded: none of the messages is one.' },
  message_too_large: {
    status: 413,
    message: `A message has at most ${MESSAGE_BYTES_MAX / 1024} kB of JSON.`,
  },
  batch_too_large: {
    status: 413,
    message: `A request has at most ${BATCH_BYTES_MAX / 1000} kB and ${BATCH_MESSAGES_MAX} messages. Send several.`,
  },
  source_not_found: { status: 404, message: 'No such source.' },
  sources_too_many: { status: 409, message: 'There are too many sources. Revoke some that are not used.' },
  cursor_invalid: { status: 400, message: 'This cursor does not belong to this list.' },
  link_domain_missing: { status: 404, message: 'No domain for short links is set.' },
  post_link_not_found: { status: 404, message: 'No such link.' },
  post_links_too_many: { status: 409, message: 'This campaign has as many links as one can have.' },
  post_link_loops: {
    status: 422,
    message: 'This address is a short link itself. Enter the page that it leads to.',
  },
  definition_not_found: { status: 404, message: 'No such event.' },
})
