/** Clauses about the import that first brought a contact. */
import { z } from 'zod'
import { wireId } from '../../../platform/wire.ts'
import type { Leaf, Outcome } from '../operator.ts'
import { either, quoted, type Locale } from '../words.ts'
import type { ClauseKind } from './define.ts'

/** Most imports that one clause names. */
const IMPORTS_MAX = 50

/** `{ kind: 'import', operator: 'one_of', value: ['imp_…'] }` */
const schema = z.strictObject({
  kind: z.literal('import'),
  operator: z.enum(['one_of', 'none_of']),
  value: z
    .array(wireId('contact_import'))
    .min(1, 'Choose at least one import.')
    .max(IMPORTS_MAX, `At most ${IMPORTS_MAX} imports.`),
})

/** A question about where a contact came from. */
export const importClause: ClauseKind<typeof schema> = {
  schema,
  bind: (clause, scope, _, path): Outcome<Leaf> => {
    const unknown = clause.value.flatMap((id, index) =>
      scope.imports.has(id) ? [] : [{ path: `${path}.value.${index}`, message: 'No such import.' }],
    )
    if (unknown.length > 0) return { kind: 'refused', problems: unknown }
    const phraseIn = (locale: Locale): string => {
      const names = either(
        clause.value.map((id) => quoted(scope.imports.get(id) ?? id, locale)),
        locale,
      )
      if (locale === 'fr')
        return clause.operator === 'one_of'
          ? `qui viennent de l’import ${names}`
          : `qui ne viennent pas de l’import ${names}`
      return clause.operator === 'one_of'
        ? `who came with the import ${names}`
        : `who did not come with the import ${names}`
    }
    return {
      kind: 'ready',
      value: {
        opposite: clause.operator === 'none_of',
        // Whom an import brought all came at the instant at which it began, by which an index finds them: no index holds
        // which import brought whom.
        sql: (q) => {
          const ids = q.param(clause.value, 'uuid[]')
          return `(${q.column('import_id')} = any(${ids}) and ${q.column('created_at')} = any(array(select i.started_at from contact_import i where i.org_id = ${q.place.orgIdParam} and i.id = any(${ids}))))`
        },
        matches: (person) => clause.value.some((id) => id === person.importId),
        phrase: { en: phraseIn('en'), fr: phraseIn('fr') },
      },
    }
  },
  touches: () => ['field:import_id'],
  imports: (clause) => clause.value,
  // Without any import there is nothing to choose, so the builder does not offer it.
  terms: ({ imports }) =>
    imports.length === 0
      ? []
      : [
          {
            kind: 'import',
            field: null,
            group: 'record',
            label: { en: 'Import', fr: 'Import' },
            operators: [
              { name: 'one_of', label: { en: 'is one of', fr: 'est l’un de' }, input: 'options' },
              { name: 'none_of', label: { en: 'is none of', fr: 'n’est aucun de' }, input: 'options' },
            ],
            options: () => imports,
            suggestsFrom: null,
          },
        ],
}
