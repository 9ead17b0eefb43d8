/** What the room consent refuses. */
import { defineErrors } from '../platform/errors.ts'

export const errors = defineErrors('consent', {
  contact_not_found: { status: 404, message: 'No such contact.' },
  suppression_not_found: { status: 404, message: 'This address is not suppressed.' },
  not_liftable: {
    status: 409,
    message:
      'This entry cannot be lifted by hand: an erasure, a complaint or an unsubscription ends only when the person signs up again.',
  },
  list_not_found: { status: 404, message: 'No such list.' },
  list_undone: { status: 409, message: 'This list has been taken back. Begin a new one.' },
  address_invalid: { status: 400, message: 'This is not an address of this channel.' },
  request_not_found: { status: 404, message: 'No such request.' },
  request_ended: { status: 409, message: 'This request is being carried out or has ended already.' },
  archive_not_found: { status: 404, message: 'This link leads nowhere.' },
  archive_gone: {
    status: 410,
    message: 'This archive is no longer there: its link has run out. Ask for a new one.',
  },
  retention_unknown: { status: 404, message: 'Nothing of that name is kept.' },
  center_changed: {
    status: 409,
    message: 'Somebody changed the preference centre meanwhile. Load it again, then make your change.',
  },
  invalid: { status: 400, message: 'The request is not valid.' },
})
