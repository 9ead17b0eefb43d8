/** What the room content refuses. */
import { defineErrors } from '../platform/errors.ts'

/** The room's errors. */
export const errors = defineErrors('content', {
  template_not_found: { status: 404, message: 'No such template.' },
  template_changed: {
    status: 409,
    message:
      'Somebody changed this template meanwhile. Your text is kept here; load theirs, or save yours as a copy.',
  },
  cursor_invalid: { status: 400, message: 'This page position is not valid. Start from the first page.' },
  contact_not_found: { status: 404, message: 'No such contact.' },
  version_not_found: { status: 404, message: 'No such mail version.' },
  not_sendable: { status: 400, message: 'This message cannot be sent as it is.' },
})
