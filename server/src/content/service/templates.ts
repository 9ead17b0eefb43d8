/** Templates: mails to start from, the organization's own and ours. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { decodeCursor, encodeCursor } from '../../platform/wire.ts'
import { errors } from '../errors.ts'
import {
  type TemplateDraft,
  type TemplateEntry,
  type TemplateId,
  type TemplateRow,
  insertTemplate,
  readTemplate,
  setTemplateDeleted,
  templatePage,
  updateTemplate,
} from '../queries.ts'
import type { Preview } from '../schema.ts'
import { actorName } from './actor.ts'
import { previewMail } from './preview.ts'

/** A template as the API gives it. */
export interface Template extends TemplateEntry, Pick<TemplateRow, 'source' | 'version'> {}

/** A page of templates, last changed first. */
export async function listTemplates(
  ctx: Ctx,
  query: { limit: number; cursor?: string | undefined; q?: string | undefined },
): Promise<{ items: TemplateEntry[]; nextCursor: string | null }> {
  const rows = await templatePage(ctx, {
    limit: query.limit + 1,
    after: query.cursor === undefined ? null : positionOf(query.cursor),
    q: query.q === undefined || query.q === '' ? null : query.q,
  })
  const items = rows.slice(0, query.limit)
  const last = items.at(-1)
  return {
    items,
    nextCursor:
      rows.length > query.limit && last ? encodeCursor([last.updatedAt.toISOString(), last.id]) : null,
  }
}

function positionOf(cursor: string): { updatedAt: Date; id: string } {
  const [at, id] = decodeCursor(cursor) ?? []
  if (typeof at !== 'string' || typeof id !== 'string' || Number.isNaN(Date.parse(at)) || !UUID.test(id)) {
    throw errors.cursor_invalid({ cursor })
  }
  return { updatedAt: new Date(at), id }
}
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** @throws content.template_not_found */
export async function readTemplateOrRefuse(ctx: Ctx, id: TemplateId): Promise<Template> {
  const row = await readTemplate(ctx, id)
  if (!row) throw errors.template_not_found({ id })
  return { ...row, subject: row.source.subject, language: row.source.language }
}

/** Keeps a new template. A draft that does not compile yet is kept too. */
export function createTemplate(ctx: Ctx, draft: TemplateDraft): Promise<Template> {
  return inTransaction(ctx, async (ctx) => {
    const id = newId<'template'>(ctx.now())
    await insertTemplate(ctx, id, draft, actorName(ctx))
    audit(ctx, 'template.created', { kind: 'template', id }, { name: draft.name })
    return readTemplateOrRefuse(ctx, id)
  })
}

/**
 * Changes a template.
 * @param version  the one that the change was made on
 * @throws content.template_changed  when somebody else changed it meanwhile
 */
export function changeTemplate(
  ctx: Ctx,
  id: TemplateId,
  { version, ...draft }: TemplateDraft & { version: number },
): Promise<Template> {
  return inTransaction(ctx, async (ctx) => {
    const before = await readTemplateOrRefuse(ctx, id)
    if (!(await updateTemplate(ctx, id, draft, version))) throw errors.template_changed({ id, version })
    audit(
      ctx,
      'template.changed',
      { kind: 'template', id },
      { from: { name: before.name, version }, to: { name: draft.name, version: version + 1 } },
    )
    return readTemplateOrRefuse(ctx, id)
  })
}

/** Hides a template. @throws content.template_not_found */
export function deleteTemplate(ctx: Ctx, id: TemplateId): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    if (!(await setTemplateDeleted(ctx, id, ctx.now()))) throw errors.template_not_found({ id })
    audit(ctx, 'template.deleted', { kind: 'template', id })
  })
}

/** Brings a deleted template back. @throws content.template_not_found */
export function restoreTemplate(ctx: Ctx, id: TemplateId): Promise<Template> {
  return inTransaction(ctx, async (ctx) => {
    if (!(await setTemplateDeleted(ctx, id, null))) throw errors.template_not_found({ id })
    audit(ctx, 'template.restored', { kind: 'template', id })
    return readTemplateOrRefuse(ctx, id)
  })
}

/** Copies a template under a name that says so. */
export function duplicateTemplate(ctx: Ctx, id: TemplateId): Promise<Template> {
  return inTransaction(ctx, async (ctx) => {
    const { name, description, source } = await readTemplateOrRefuse(ctx, id)
    const copy = ctx.locale === 'fr' ? `${name} (copie)` : `${name} (copy)`
    return createTemplate(ctx, { name: copy.slice(0, NAME_CHARS_MAX), description, source })
  })
}
const NAME_CHARS_MAX = 120

/** A template as a sample person receives it. */
export async function previewTemplate(ctx: Ctx, id: TemplateId): Promise<Preview> {
  const { source, name } = await readTemplateOrRefuse(ctx, id)
  return previewMail(ctx, { source, as: { sample: 'typical' }, theme: 'light', campaignName: name })
}
