/** The file of errors of an import: what to correct, where, and why. */
import { Readable } from 'node:stream'
import type { Ctx } from '../../platform/context.ts'
import { BYTE_ORDER_MARK, csvRow } from '../csv/write.ts'
import { reasonText } from '../values/reasons.ts'
import type { ContactImport } from './import.ts'
import { getImport } from './manage.ts'
import type { ImportId } from './import.ts'
import { selectProblems } from './queries.ts'
import { PROBLEMS_KEPT_MAX } from './run.ts'

const PAGE_ROWS = 2_000

const HEADER = {
  en: ['Row', 'Column', 'Value', 'Reason', 'Effect', 'Code'],
  fr: ['Ligne', 'Colonne', 'Valeur', 'Raison', 'Effet', 'Code'],
}
const EFFECT = {
  en: { row: 'row left out', value: 'value left out' },
  fr: { row: 'ligne ignorée', value: 'valeur ignorée' },
}
const CUT = {
  en: `Only the first ${PROBLEMS_KEPT_MAX} problems are listed.`,
  fr: `Seuls les ${PROBLEMS_KEPT_MAX} premiers problèmes sont listés.`,
}

/** The problems of an import as CSV in the reader's language. @throws contacts.import_not_found */
export async function problemFile(ctx: Ctx, id: ImportId): Promise<Readable> {
  const found = await getImport(ctx, id)
  return Readable.from(problemRows(ctx, found))
}

async function* problemRows(ctx: Ctx, found: ContactImport): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + csvRow(HEADER[ctx.locale])
  let after = { rowNumber: 0, columnNumber: -1 }
  for (;;) {
    const problems = await selectProblems(ctx, found.id, after, PAGE_ROWS)
    const last = problems.at(-1)
    if (!last) break
    yield problems
      .map((problem) =>
        csvRow([
          problem.rowNumber,
          columnName(found, problem.columnNumber),
          problem.value,
          reasonText(problem.reason, ctx.locale),
          EFFECT[ctx.locale][problem.isRow ? 'row' : 'value'],
          problem.reason,
        ]),
      )
      .join('')
    after = last
  }
  if (found.problems > PROBLEMS_KEPT_MAX) yield csvRow([null, null, null, CUT[ctx.locale], null, null])
}

/** The name of a column as the file gives it; empty for the row as a whole. */
export function columnName(found: Pick<ContactImport, 'columns'>, columnNumber: number): string {
  return columnNumber === 0 ? '' : (found.columns[columnNumber - 1]?.name ?? `#${columnNumber}`)
}
