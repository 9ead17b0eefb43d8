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
  address_invalid: { status: 400, message: 'This is not an address of this channel.' },
  invalid: { status: 400, message: 'The request is not valid.' },
})
