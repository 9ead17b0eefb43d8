/** Clauses about a field of the contact, standard or of the organization's own. */
import { z } from 'zod'
import { anyValue } from '../values.ts'
import type { ClauseKind } from './define.ts'

/** `{ kind: 'contact', field: 'country', operator: 'one_of', value: ['FR'] }` */
const schema = z.strictObject({
  kind: z.literal('contact'),
  /** A standard field, or `custom.` and the key of one of the organization's own. */
  field: z.string().min(1).max(100),
  operator: z.string().min(1).max(40),
  value: anyValue.optional(),
})

/** A question about a field; the field's operators decide what value goes with it. */
export const contactClause: ClauseKind<typeof schema> = {
  schema,
  property: 'field',
  bind: (clause, scope, _, path) => {
    const field = scope.fields.get(clause.field)
    if (!field)
      return {
        kind: 'refused',
        problems: [{ path: `${path}.field`, message: `There is no field ${clause.field}.` }],
      }
    return field.bind(clause.operator, clause.value, scope, path)
  },
  touches: ({ field }) => [`field:${field}`],
  terms: ({ fields }) =>
    [...fields.values()].map(({ key, group, label, operators, options, suggestsFrom }) => ({
      kind: 'contact',
      field: key,
      group,
      label,
      operators,
      options,
      suggestsFrom,
    })),
}
