/** What came in by a form, as members see it. */
import type { Ctx } from '../../platform/context.ts'
import { decodeCursor, encodeCursor } from '../../platform/wire.ts'
import { errors } from '../errors.ts'
import { selectForm, type FormId } from '../forms/queries.ts'
import { selectSubmissions, type ShownSubmission } from './queries.ts'

/** A page of submissions, latest first. @throws pages.form_not_found */
export async function listSubmissions(
  ctx: Ctx,
  formId: FormId,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ items: ShownSubmission[]; nextCursor: string | null }> {
  if (!(await selectForm(ctx, formId))) throw errors.form_not_found({ id: formId })
  const [before] = decodeCursor(page.cursor ?? '') ?? []
  const rows = await selectSubmissions(ctx, {
    formId,
    before: typeof before === 'string' && /^\d{1,18}$/.test(before) ? before : null,
    limit: page.limit + 1,
  })
  const items = rows.slice(0, page.limit)
  const last = rows.length > page.limit ? items.at(-1) : undefined
  return { items, nextCursor: last ? encodeCursor([last.id]) : null }
}
