/** What can be wrong with prices and spends. */
import { defineErrors } from '../platform/errors.ts'

export const errors = defineErrors('budgets', {
  price_not_found: { status: 404, message: 'No such price.' },
  post_price_missing: {
    status: 409,
    message: 'No price of a post is set for this platform. Set one, or state the amount.',
  },
  spend_import_not_found: { status: 404, message: 'No such import of spends.' },
  spend_import_undone: { status: 409, message: 'This import was taken back already.' },
  spend_file_invalid: { status: 400, message: 'The file cannot be taken as it is.' },
  spend_not_found: { status: 404, message: 'No such spend.' },
  too_many_prices: { status: 409, message: 'There are as many prices as can be kept. Take old ones back.' },
  too_many_spends: { status: 409, message: 'This campaign has as many spends as it can hold. Sum some up.' },
})
