/** What experiments refuse. */
import { defineErrors } from '../platform/errors.ts'

export const errors = defineErrors('experiments', {
  not_found: { status: 404, message: 'No such test.' },
  already_begun: {
    status: 409,
    message: 'This test has begun: its variants and its rule can no longer change.',
  },
  not_begun: { status: 409, message: 'This test has not begun yet.' },
  ended: { status: 409, message: 'This test has ended, and its decision stands.' },
  already_applied: { status: 409, message: 'A variant has been applied already.' },
  unknown_variant: { status: 422, message: 'This test has no such variant.' },
  silent_variant: { status: 422, message: 'The control sends nothing: it cannot be applied.' },
  no_winner: { status: 409, message: 'There is no winner yet. Name a variant and say why it shall be used.' },
  reason_missing: { status: 422, message: 'Say why this variant shall be used.' },
  history_missing: {
    status: 409,
    message: 'There is no sent campaign with enough people to test the rule on.',
  },
})
