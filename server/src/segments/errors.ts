/** What this room refuses, and why. */
import { defineErrors } from '../platform/errors.ts'

/** The room's errors: thrown where found, answered as problem details. */
export const errors = defineErrors('segments', {
  not_found: { status: 404, message: 'No such segment.' },
  contact_not_found: { status: 404, message: 'No such contact.' },
  name_taken: { status: 409, message: 'Another segment already has this name.' },
  rule_invalid: { status: 400, message: 'This rule cannot be used as it is.' },
  rule_broken: {
    status: 409,
    message:
      'The rule of this segment no longer works, because something it refers to is gone. Edit the rule first.',
  },
  audience_broken: {
    status: 409,
    message:
      'This audience cannot be used as it is: a segment or a field it refers to is gone, or a condition is not complete.',
  },
  property_personal: {
    status: 403,
    message: 'This rule asks about a property that is marked as personal, and you may not see those.',
  },
  rule_circular: {
    status: 400,
    message: 'A segment cannot depend on itself, directly or through other segments.',
  },
  rule_missing: { status: 400, message: 'A dynamic segment needs a rule.' },
  rule_not_taken: { status: 400, message: 'A static segment is a list and takes no rule.' },
  not_static: {
    status: 409,
    message: 'Members of a dynamic segment follow its rule and cannot be set by hand.',
  },
  in_use: {
    status: 409,
    message: 'This segment is in use and cannot be deleted. Take it out of these places first.',
  },
  too_many: { status: 409, message: 'No more segments can be made. Delete some first.' },
  cursor_invalid: { status: 400, message: 'This cursor was not given by this list.' },
  too_costly: {
    status: 400,
    message: 'This rule would read too much to be answered in time.',
  },
  took_too_long: {
    status: 503,
    message: 'Counting this segment takes too long at the moment. Try again, or make the rule simpler.',
  },
})
