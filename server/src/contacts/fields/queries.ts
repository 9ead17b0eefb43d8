/** The SQL of custom fields. */
import type { Ctx } from '../../platform/context.ts'
import type { Id } from '../../platform/ids.ts'
import type { FieldType } from '../values/fields.ts'

export type CustomFieldId = Id<'custom_field'>

/** A field of an organization's own. */
export interface CustomField {
  id: CustomFieldId
  /** Stands in contact.attributes, in rules and in templates; never changes. */
  key: string
  name: string
  type: FieldType
  choices: string[]
  position: number
  createdAt: Date
  updatedAt: Date
  archivedAt: Date | null
}

const COLUMNS = 'id, key, name, type, choices, position, created_at, updated_at, archived_at'

/** All fields in their order, archived ones too. */
export function selectFields(ctx: Ctx): Promise<CustomField[]> {
  return ctx.db.named<CustomField>(
    'contacts_fields',
    `select ${COLUMNS} from custom_field where org_id = $1 order by position, name, id`,
    [ctx.orgId],
  )
}

/** One field, locked, or undefined. */
export async function lockField(ctx: Ctx, id: CustomFieldId): Promise<CustomField | undefined> {
  const [field] = await ctx.db.named<CustomField>(
    'contacts_field_lock',
    `select ${COLUMNS} from custom_field where org_id = $1 and id = $2 for update`,
    [ctx.orgId, id],
  )
  return field
}

/** Adds a field. @returns undefined when its key is taken */
export async function insertField(
  ctx: Ctx,
  field: Pick<CustomField, 'id' | 'key' | 'name' | 'type' | 'choices' | 'position'>,
): Promise<CustomField | undefined> {
  const [inserted] = await ctx.db.named<CustomField>(
    'contacts_field_insert',
    `
    insert into custom_field (org_id, id, key, name, type, choices, position, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
    on conflict (org_id, key) do nothing
    returning ${COLUMNS}`,
    [ctx.orgId, field.id, field.key, field.name, field.type, field.choices, field.position, ctx.now()],
  )
  return inserted
}

/** Puts a field's changeable parts. */
export async function updateField(
  ctx: Ctx,
  id: CustomFieldId,
  field: Pick<CustomField, 'name' | 'choices' | 'position' | 'archivedAt'>,
): Promise<CustomField> {
  const rows = await ctx.db.named<CustomField>(
    'contacts_field_update',
    `
    update custom_field set name = $3, choices = $4, position = $5, archived_at = $6, updated_at = $7
    where org_id = $1 and id = $2
    returning ${COLUMNS}`,
    [ctx.orgId, id, field.name, field.choices, field.position, field.archivedAt, ctx.now()],
  )
  return rows[0] as CustomField // the caller holds its lock
}

/** Which of these choices of a field contacts still have. */
export function choicesInUse(
  ctx: Ctx,
  key: string,
  choices: readonly string[],
): Promise<{ choice: string }[]> {
  return ctx.db.named<{ choice: string }>(
    'contacts_field_choices_used',
    `
    select ch.choice from unnest($3::text[]) as ch (choice)
    where exists (select 1 from contact c where c.org_id = $1 and c.attributes ->> $2 = ch.choice)`,
    [ctx.orgId, key, choices],
  )
}
