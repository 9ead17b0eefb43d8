/** Forms as members make them: designed, versioned, published, archived. */
import { listFields } from '../../contacts/index.ts'
import { liveTopics } from '../../consent/index.ts'
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { decodeCursor, encodeCursor } from '../../platform/wire.ts'
import { errors } from '../errors.ts'
import { countByState, type SubmissionCounts } from '../submissions/queries.ts'
import { preticked, problemsOf } from './definition.ts'
import { formDefinition, type FormDefinition } from '../schema.ts'
import {
  insertForm,
  insertVersion,
  lockForm,
  selectForm,
  selectForms,
  selectVersions,
  updateForm,
  type FormId,
  type FormRow,
  type FormState,
} from './queries.ts'
import { formToken } from './token.ts'

/** Versions that are listed. */
const VERSIONS_MAX = 200

/** A form as callers see it. */
export interface Form extends Omit<FormRow, 'definition'> {
  definition: FormDefinition
  /** Its public page. Answers once the form is published. */
  url: string
}

/** A form with what came in by it. */
export interface FormWithCounts extends Form {
  submissions: SubmissionCounts
}

/** Makes a draft. @throws pages.invalid, pages.preticked */
export function createForm(
  ctx: Ctx,
  { name, definition }: { name: string; definition: FormDefinition },
): Promise<FormWithCounts> {
  return inTransaction(ctx, async (ctx) => {
    await refuseProblems(ctx, definition)
    const id = newId<'form'>(ctx.now())
    await insertForm(ctx, { id, name, by: byOf(ctx) })
    await insertVersion(ctx, { formId: id, version: 1, definition, by: byOf(ctx) })
    audit(ctx, 'form.created', { kind: 'form', id }, { name })
    return getForm(ctx, id)
  })
}

/**
 * Saves a form. A changed definition is a new version, and is what the page shows from then on.
 * @param based  the version that the change was made from
 * @throws pages.form_not_found, pages.form_changed, pages.form_archived, pages.invalid, pages.preticked
 */
export function saveForm(
  ctx: Ctx,
  id: FormId,
  { name, definition, based }: { name: string; definition: FormDefinition; based: number },
): Promise<FormWithCounts> {
  return inTransaction(ctx, async (ctx) => {
    const present = await lockLive(ctx, id)
    if (present.version !== based) throw errors.form_changed({}, { extra: { version: present.version } })
    await refuseProblems(ctx, definition)
    const before = formDefinition.parse(present.definition)
    const isChanged = JSON.stringify(before) !== JSON.stringify(definition)
    const version = isChanged ? based + 1 : based
    if (isChanged) await insertVersion(ctx, { formId: id, version, definition, by: byOf(ctx) })
    await updateForm(ctx, { ...present, name, version })
    audit(
      ctx,
      'form.saved',
      { kind: 'form', id },
      { version, name, ...(isChanged ? { from: before, to: definition } : {}) },
    )
    return getForm(ctx, id)
  })
}

/** Opens or closes the public page. @throws pages.form_not_found, pages.form_archived, pages.invalid */
export function setPublished(ctx: Ctx, id: FormId, isPublished: boolean): Promise<FormWithCounts> {
  return inTransaction(ctx, async (ctx) => {
    const present = await lockLive(ctx, id)
    if (isPublished) await refuseProblems(ctx, formDefinition.parse(present.definition))
    const state: FormState = isPublished ? 'published' : 'draft'
    if (state !== present.state) {
      await updateForm(ctx, { ...present, state, publishedAt: isPublished ? ctx.now() : present.publishedAt })
      audit(
        ctx,
        isPublished ? 'form.published' : 'form.unpublished',
        { kind: 'form', id },
        {
          version: present.version,
        },
      )
    }
    return getForm(ctx, id)
  })
}

/** Closes a form for good; what came in by it stays, since consents name it. @throws pages.form_not_found */
export function archiveForm(ctx: Ctx, id: FormId): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const present = await lockForm(ctx, id)
    if (!present) throw errors.form_not_found({ id })
    if (present.state === 'archived') return
    await updateForm(ctx, { ...present, state: 'archived' })
    audit(ctx, 'form.archived', { kind: 'form', id })
  })
}

/** @throws pages.form_not_found */
export async function getForm(ctx: Ctx, id: FormId): Promise<FormWithCounts> {
  const row = await selectForm(ctx, id)
  if (!row) throw errors.form_not_found({ id })
  return { ...shown(ctx, row), submissions: await countByState(ctx, id) }
}

/** A page of forms, the one changed last first; archived ones only when asked for. */
export async function listForms(
  ctx: Ctx,
  wanted: { state?: FormState | undefined; cursor?: string | undefined; limit: number },
): Promise<{ items: Form[]; nextCursor: string | null }> {
  const [at, id] = decodeCursor(wanted.cursor ?? '') ?? []
  const instant = new Date(String(at))
  const rows = await selectForms(ctx, {
    state: wanted.state ?? null,
    after: typeof id === 'string' && !Number.isNaN(instant.getTime()) ? { at: instant, id } : null,
    limit: wanted.limit + 1,
  })
  const items = rows.slice(0, wanted.limit)
  const last = rows.length > wanted.limit ? items.at(-1) : undefined
  return {
    items: items.map((row) => shown(ctx, row)),
    nextCursor: last ? encodeCursor([last.updatedAt.toISOString(), last.id]) : null,
  }
}

/** A version of a form. */
export interface FormVersion {
  version: number
  definition: FormDefinition
  createdBy: string
  createdAt: Date
}

/** Every version, the latest first. @throws pages.form_not_found */
export async function formVersions(ctx: Ctx, id: FormId): Promise<FormVersion[]> {
  if (!(await selectForm(ctx, id))) throw errors.form_not_found({ id })
  const rows = await selectVersions(ctx, id, VERSIONS_MAX)
  return rows.map(({ definition, ...row }) => ({ ...row, definition: formDefinition.parse(definition) }))
}

async function lockLive(ctx: Ctx, id: FormId): Promise<FormRow> {
  const present = await lockForm(ctx, id)
  if (!present) throw errors.form_not_found({ id })
  if (present.state === 'archived') throw errors.form_archived()
  return present
}

async function refuseProblems(ctx: Ctx, definition: FormDefinition): Promise<void> {
  const ticked = preticked(definition)
  if (ticked.length > 0) throw errors.preticked({}, { problems: ticked })
  const fields = await listFields(ctx)
  const topics = await liveTopics(ctx)
  const problems = problemsOf(definition, {
    customFields: new Set(fields.filter(({ archivedAt }) => archivedAt === null).map(({ key }) => key)),
    topics: new Map(topics.map(({ key, channels }) => [key, channels])),
  })
  if (problems.length > 0) throw errors.invalid({}, { problems })
}

function shown(ctx: Ctx, { definition, ...row }: FormRow): Form {
  return {
    ...row,
    definition: formDefinition.parse(definition),
    url: `${ctx.platform.config.publicUrl}/f/${formToken(ctx.platform, ctx.orgId, row.id)}`,
  }
}

const byOf = (ctx: Ctx): string => `${ctx.actor.kind}:${ctx.actor.id}`
