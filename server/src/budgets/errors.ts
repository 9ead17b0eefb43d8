/** What can be wrong with prices and spends. */
import { defineErrors } from '../platform/errors.ts'

export const errors = defineErrors('budgets', {
  price_not_found: { status: 404, message: 'No such price.' },
  spend_not_found: { status: 404, message: 'No such spend.' },
  too_many_spends: { status: 409, message: 'This campaign has as many spends as it can hold. Sum some up.' },
})
