/** Everything that rules can ask about, in the reader's language: what the builder offers. */
import type { Ctx } from '../../platform/context.ts'
import { toWire } from '../../platform/ids.ts'
import { selectCustomFields, selectRecentImports, selectTimeZone } from '../queries/scope.ts'
import { clauseKinds } from '../rules/clauses/index.ts'
import type { TermGroup } from '../rules/clauses/define.ts'
import { CONTACT_FIELDS } from '../rules/contact-fields.ts'
import { customField } from '../rules/custom-fields.ts'
import { dayOf } from '../rules/days.ts'
import type { Option } from '../rules/field.ts'
import type { ValueInput } from '../rules/operator.ts'
import { optionsIn } from '../rules/options.ts'
import { dayText } from '../rules/words.ts'

/** Imports offered: the newest. */
const IMPORTS_MAX = 200

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
  const imports = await importOptions(ctx)
  return clauseKinds
    .flatMap((kind) => kind.terms({ fields, imports }))
    .map((term) => ({
      ...term,
      label: term.label[ctx.locale],
      operators: term.operators.map((operator) => ({ ...operator, label: operator.label[ctx.locale] })),
      options: term.options === null ? null : optionsIn(term.options(), ctx.locale),
    }))
}

/** Imports by file and day: the same file is often imported again. */
async function importOptions(ctx: Ctx): Promise<Option[]> {
  const recent = await selectRecentImports(ctx, IMPORTS_MAX)
  if (recent.length === 0) return []
  const timeZone = await selectTimeZone(ctx)
  return recent.map(({ id, fileName, createdAt }) => {
    const day = dayOf(createdAt, timeZone)
    return {
      value: toWire('contact_import', id),
      label: { en: `${fileName} (${dayText(day, 'en')})`, fr: `${fileName} (${dayText(day, 'fr')})` },
    }
  })
}
