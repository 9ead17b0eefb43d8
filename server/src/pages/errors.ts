/** What the room pages refuses. */
import { defineErrors } from '../platform/errors.ts'

export const errors = defineErrors('pages', {
  form_not_found: { status: 404, message: 'No such form.' },
  form_changed: {
    status: 409,
    message: 'Somebody changed this form meanwhile. Load it again, then make your change.',
  },
  form_archived: { status: 409, message: 'This form is archived. Make a copy of it instead.' },
  preticked: {
    status: 400,
    message: 'A box that stands for consent must be left for the person to tick.',
  },
  invalid: { status: 400, message: 'The form is not valid.' },
})
