/** What an import will do, before it does it: the same reading, the same matching, the same rules, nothing written. */
import type { Ctx } from '../../platform/context.ts'
import { selectFields } from '../fields/queries.ts'
import type { ContactContent, Draft } from '../store/draft.ts'
import { groupByPerson, matchPeople } from '../store/merge-batch.ts'
import { type DraftOutcome, planPerson } from '../store/policy.ts'
import { type FieldValues, valueOf } from '../store/revision.ts'
import { STANDARD_FIELDS } from '../values/fields.ts'
import { type Reason } from '../values/reasons.ts'
import { type Problem, rowConverter } from './convert.ts'
import type { ContactImport } from './import.ts'
import type { ImportOptions } from './options.ts'
import { checkMapping } from './mapping.ts'
import { readRows } from './rows.ts'

/** Rows that a preview looks at; a file of fewer rows is previewed whole. */
export const PREVIEW_ROWS_MAX = 5_000
/** Examples of each outcome. */
const EXAMPLES_MAX = 5
/** Problems that a preview lists. */
const PROBLEMS_MAX = 20

/** One example: what there was (for a known contact) and what there will be, in the fields that say something. */
export interface PreviewExample {
  rowNumber: number
  outcome: DraftOutcome
  before: FieldValues | null
  after: FieldValues
  changed: readonly string[]
}

/** What an import will do. */
export interface ImportPreview {
  /** Rows looked at, and whether that is the whole file. */
  rows: number
  isWholeFile: boolean
  /** Share of the file's bytes that was looked at, for a guess at the rest. */
  share: number
  created: number
  updated: number
  unchanged: number
  skipped: number
  rejected: number
  consentGranted: number
  consentDenied: number
  consentUnproven: number
  examples: PreviewExample[]
  problems: Problem[]
  reasons: { reason: Reason; columnNumber: number; count: number }[]
}

/**
 * Previews an import over its first 5,000 rows.
 * @throws contacts.mapping_invalid, and the refusals of the tokenizer
 */
export async function previewImport(
  ctx: Ctx,
  found: ContactImport,
  options: ImportOptions,
): Promise<ImportPreview> {
  const fields = (await selectFields(ctx)).filter((field) => field.archivedAt === null)
  checkMapping(ctx, found, options, fields)
  const converter = rowConverter(options, {
    customFields: new Map(fields.map((field) => [field.key, field])),
    now: ctx.now(),
    fileName: found.fileName,
  })
  const drafts: Draft[] = []
  const rowNumbers: number[] = []
  const problems: Problem[] = []
  const preview: ImportPreview = {
    rows: 0,
    isWholeFile: true,
    share: 1,
    created: 0,
    updated: 0,
    unchanged: 0,
    skipped: 0,
    rejected: 0,
    consentGranted: 0,
    consentDenied: 0,
    consentUnproven: 0,
    examples: [],
    problems: [],
    reasons: [],
  }
  reading: for await (const { rows, bytesRead } of readRows(ctx, found.id, found, 0)) {
    for (const row of rows) {
      if (preview.rows === PREVIEW_ROWS_MAX) {
        preview.isWholeFile = false
        // The piece that holds the last row was read to its end; the row lies somewhere in it.
        preview.share = Math.min(
          1,
          ((bytesRead / found.fileBytes) * (rows.indexOf(row) + 1)) / rows.length ||
            bytesRead / found.fileBytes,
        )
        break reading
      }
      const { draft, claims } = converter.convert(row, problems)
      if (!draft) {
        if (problems.at(-1)?.rowNumber === row.number) {
          preview.rows++
          preview.rejected++
        }
        continue
      }
      preview.rows++
      drafts.push(draft)
      rowNumbers.push(row.number)
      for (const claim of claims) preview[claim.granted ? 'consentGranted' : 'consentDenied']++
    }
  }
  preview.consentUnproven = problems.filter(({ reason }) => reason === 'consent_unproven').length
  preview.problems = problems.slice(0, PROBLEMS_MAX)
  preview.reasons = countReasonsOf(problems)
  await addOutcomes(ctx, preview, drafts, rowNumbers, options)
  return preview
}

async function addOutcomes(
  ctx: Ctx,
  preview: ImportPreview,
  drafts: readonly Draft[],
  rowNumbers: readonly number[],
  options: ImportOptions,
): Promise<void> {
  const shown: Record<DraftOutcome, number> = { created: 0, updated: 0, unchanged: 0, skipped: 0 }
  for (const { person, present } of await matchPeople(ctx, groupByPerson(drafts), 'read')) {
    const plan = planPerson(present, person.drafts, options.policy)
    for (const outcome of plan.outcomes) preview[outcome]++
    const outcome = plan.outcomes[0]
    if (outcome === undefined || shown[outcome] >= EXAMPLES_MAX) continue
    shown[outcome]++
    preview.examples.push({
      rowNumber: rowNumbers[person.positions[0] ?? 0] ?? 0,
      outcome,
      before: present ? filledValues(present) : null,
      after: filledValues(plan.content),
      changed: plan.changed,
    })
  }
}

/** The values of a content that say something. */
function filledValues(content: Readonly<ContactContent>): FieldValues {
  const values: FieldValues = {}
  for (const field of [
    ...STANDARD_FIELDS,
    'tags',
    ...Object.keys(content.attributes).map((key) => `custom:${key}`),
  ]) {
    const value = valueOf(content, field)
    if (value !== null && !(Array.isArray(value) && value.length === 0)) values[field] = value
  }
  return values
}

function countReasonsOf(problems: readonly Problem[]): ImportPreview['reasons'] {
  const counts = new Map<string, ImportPreview['reasons'][number]>()
  for (const { reason, columnNumber } of problems) {
    const key = `${reason}:${columnNumber}`
    const known = counts.get(key)
    if (known) known.count++
    else counts.set(key, { reason, columnNumber, count: 1 })
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count).slice(0, 50)
}
