/** Everything that rules can ask about, in the reader's language: what the builder offers. */
import type { Ctx } from '../../platform/context.ts'
import { selectCustomFields } from '../queries/scope.ts'
import { clauseKinds } from '../rules/clauses/index.ts'
import type { TermGroup } from '../rules/clauses/define.ts'
import { CONTACT_FIELDS } from '../rules/contact-fields.ts'
import { customField } from '../rules/custom-fields.ts'
import type { ValueInput } from '../rules/operator.ts'
import { optionsIn } from '../rules/options.ts'

/** One thing to ask about, its texts in one language. */
export interface ReaderTerm {
  kind: string
  field: string | null
  group: TermGroup
  label: string
  operators: { name: string; label: string; input: ValueInput }[]
  options: { value: string; label: string }[] | null
  suggestsFrom: string | null
}

/** Every term of every kind of clause; archived fields are no longer offered. */
export async function vocabulary(ctx: Ctx): Promise<ReaderTerm[]> {
  const custom = (await selectCustomFields(ctx)).filter(({ archivedAt }) => archivedAt === null)
  const fields = new Map([...CONTACT_FIELDS, ...custom.map(customField)].map((field) => [field.key, field]))
  return clauseKinds
    .flatMap((kind) => kind.terms({ fields }))
    .map((term) => ({
      ...term,
      label: term.label[ctx.locale],
      operators: term.operators.map((operator) => ({ ...operator, label: operator.label[ctx.locale] })),
      options: term.options === null ? null : optionsIn(term.options(), ctx.locale),
    }))
}
