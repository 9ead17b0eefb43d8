/** Statements over forms and their versions. */
import type { Ctx } from '../../platform/context.ts'
import type { Id } from '../../platform/ids.ts'

export type FormId = Id<'form'>

/** `published` forms answer; archived ones never do again. */
export const FORM_STATES = ['draft', 'published', 'archived'] as const
export type FormState = (typeof FORM_STATES)[number]

/** A form with the definition of its present version. */
export interface FormRow {
  id: FormId
  name: string
  state: FormState
  version: number
  definition: unknown
  createdBy: string
  createdAt: Date
  updatedAt: Date
  publishedAt: Date | null
}

const COLUMNS =
  'f.id, f.name, f.state, f.version, v.definition, f.created_by, f.created_at, f.updated_at, f.published_at'

export const insertForm = (ctx: Ctx, form: { id: FormId; name: string; by: string }): Promise<unknown> =>
  ctx.db.named(
    'pages_form_insert',
    `
    insert into form (org_id, id, name, state, version, created_by, created_at, updated_at)
    values ($1, $2, $3, 'draft', 1, $4, $5, $5)`,
    [ctx.orgId, form.id, form.name, form.by, ctx.now()],
  )

export const insertVersion = (
  ctx: Ctx,
  version: { formId: FormId; version: number; definition: unknown; by: string },
): Promise<unknown> =>
  ctx.db.named(
    'pages_form_version_insert',
    `
    insert into form_version (org_id, form_id, version, definition, created_by, created_at)
    values ($1, $2, $3, $4, $5, $6)`,
    [ctx.orgId, version.formId, version.version, JSON.stringify(version.definition), version.by, ctx.now()],
  )

/** One form. */
export async function selectForm(ctx: Ctx, id: FormId): Promise<FormRow | undefined> {
  const [row] = await ctx.db.named<FormRow>(
    'pages_form_select',
    `
    select ${COLUMNS}
    from form f
    join form_version v on v.org_id = $1 and v.form_id = f.id and v.version = f.version
    where f.org_id = $1 and f.id = $2`,
    [ctx.orgId, id],
  )
  return row
}

/** One form, whose changes wait for each other. */
export async function lockForm(ctx: Ctx, id: FormId): Promise<FormRow | undefined> {
  await ctx.db.named('pages_form_lock', 'select id from form where org_id = $1 and id = $2 for update', [
    ctx.orgId,
    id,
  ])
  return selectForm(ctx, id)
}

/** A page of forms, the one changed last first. */
export const selectForms = (
  ctx: Ctx,
  wanted: { state: FormState | null; after: { at: Date; id: string } | null; limit: number },
): Promise<FormRow[]> =>
  ctx.db.named(
    'pages_forms_page',
    `
    select ${COLUMNS}
    from form f
    join form_version v on v.org_id = $1 and v.form_id = f.id and v.version = f.version
    where f.org_id = $1 and ($2::text is null or f.state = $2) and ($2::text is not null or f.state <> 'archived')
      and ($3::timestamptz is null or (f.updated_at, f.id) < ($3, $4::uuid))
    order by f.updated_at desc, f.id desc
    limit $5`,
    [ctx.orgId, wanted.state, wanted.after?.at ?? null, wanted.after?.id ?? null, wanted.limit],
  )

export const updateForm = (
  ctx: Ctx,
  form: { id: FormId; name: string; version: number; state: FormState; publishedAt: Date | null },
): Promise<unknown> =>
  ctx.db.named(
    'pages_form_update',
    `
    update form set name = $3, version = $4, state = $5, published_at = $6, updated_at = $7
    where org_id = $1 and id = $2`,
    [ctx.orgId, form.id, form.name, form.version, form.state, form.publishedAt, ctx.now()],
  )

/** One version. */
export async function selectVersion(ctx: Ctx, formId: FormId, version: number): Promise<unknown> {
  const [row] = await ctx.db.named<{ definition: unknown }>(
    'pages_form_version_select',
    'select definition from form_version where org_id = $1 and form_id = $2 and version = $3',
    [ctx.orgId, formId, version],
  )
  return row?.definition
}

/** Versions of a form, the latest first. */
export const selectVersions = (
  ctx: Ctx,
  formId: FormId,
  limit: number,
): Promise<{ version: number; definition: unknown; createdBy: string; createdAt: Date }[]> =>
  ctx.db.named(
    'pages_form_versions',
    `
    select version, definition, created_by, created_at from form_version
    where org_id = $1 and form_id = $2 order by version desc limit $3`,
    [ctx.orgId, formId, limit],
  )
