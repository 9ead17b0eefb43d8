/** Everything that rules can ask about, in the reader's language: what the builder offers. */
import type { Ctx } from '../../platform/context.ts'
import { toWire } from '../../platform/ids.ts'
import { campaignSource } from '../campaigns.ts'
import {
  selectCustomFields,
  selectEventTypes,
  selectRecentImports,
  selectTimeZone,
} from '../queries/scope.ts'
import { clauseKinds } from '../rules/clauses/index.ts'
import type { TermGroup } from '../rules/clauses/define.ts'
import { CONTACT_FIELDS } from '../rules/contact-fields.ts'
import { customField } from '../rules/custom-fields.ts'
import { dayOf } from '../rules/days.ts'
import type { Option } from '../rules/field.ts'
import { filterOperators, type PropertyType } from '../rules/event-filters.ts'
import type { ClausePart, OfferedOperator, ValueInput } from '../rules/operator.ts'
import { optionsIn } from '../rules/options.ts'
import { dayText, type Locale } from '../rules/words.ts'

/** Imports offered: the newest. */
const IMPORTS_MAX = 200
/** Events offered: the most frequent. */
const EVENTS_MAX = 500

/** An operator, its texts in one language. */
interface ReaderOperator {
  name: string
  label: string
  input: ValueInput
  parts: readonly ClausePart[]
}

/** One thing to ask about, its texts in one language. */
export interface ReaderTerm {
  kind: string
  field: string | null
  group: TermGroup
  property: string | null
  label: string
  operators: ReaderOperator[]
  options: { value: string; label: string }[] | null
  suggestsFrom: string | null
}

/** Every term of every kind of clause; archived fields are no longer offered. */
export async function vocabulary(
  ctx: Ctx,
): Promise<{ terms: ReaderTerm[]; filterOperators: Record<PropertyType, ReaderOperator[]> }> {
  const custom = (await selectCustomFields(ctx)).filter(({ archivedAt }) => archivedAt === null)
  const fields = new Map([...CONTACT_FIELDS, ...custom.map(customField)].map((field) => [field.key, field]))
  const imports = await importOptions(ctx)
  const events = await selectEventTypes(ctx, EVENTS_MAX)
  const hasCampaigns = (await campaignSource().find(ctx, '', 1)).length > 0
  const terms = clauseKinds
    .flatMap((kind) =>
      kind
        .terms({ fields, imports, events, hasCampaigns })
        .map((term) => ({ ...term, property: kind.property ?? null })),
    )
    .map((term) => ({
      ...term,
      label: term.label[ctx.locale],
      operators: term.operators.map((operator) => readerOperator(operator, ctx.locale)),
      options: term.options === null ? null : optionsIn(term.options(), ctx.locale),
    }))
  const { text, number, boolean, date, list } = filterOperators()
  const shown = (operators: readonly OfferedOperator[]): ReaderOperator[] =>
    operators.map((operator) => readerOperator(operator, ctx.locale))
  return {
    terms,
    filterOperators: {
      text: shown(text),
      number: shown(number),
      boolean: shown(boolean),
      date: shown(date),
      list: shown(list),
    },
  }
}

const readerOperator = (
  { name, label, input, parts = [] }: OfferedOperator,
  locale: Locale,
): ReaderOperator => ({ name, label: label[locale], input, parts })

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
