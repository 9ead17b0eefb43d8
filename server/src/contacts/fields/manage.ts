/** Custom fields: adding, renaming, choices, archiving. Their key and type stay for ever: rules and templates hang on them. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import type { FieldType } from '../values/fields.ts'
import { fold } from '../values/text.ts'
import {
  type CustomField,
  type CustomFieldId,
  choicesInUse,
  insertField,
  lockField,
  selectFields,
  updateField,
} from './queries.ts'

/** Most fields of an organization, archived ones included. */
export const FIELDS_MAX = 200
/** Most choices of a field. */
export const CHOICES_MAX = 200
const KEY_CHARS_MAX = 50

/** What a new field is. The key is made of the name unless it is given. */
export interface NewField {
  name: string
  type: FieldType
  choices?: string[] | undefined
  key?: string | undefined
}

/** The organization's own fields in their order; archived ones only when asked for. */
export async function listFields(ctx: Ctx, options: { archived?: boolean } = {}): Promise<CustomField[]> {
  const fields = await selectFields(ctx)
  return options.archived === true ? fields : fields.filter((field) => field.archivedAt === null)
}

/** Adds a field. @throws contacts.field_key_taken, contacts.fields_too_many, contacts.invalid */
export function addField(ctx: Ctx, input: NewField): Promise<CustomField> {
  return inTransaction(ctx, async (ctx) => {
    const present = await selectFields(ctx)
    if (present.length >= FIELDS_MAX) throw errors.fields_too_many({ max: FIELDS_MAX })
    const choices = input.type === 'choice' ? distinct(input.choices ?? []) : []
    if (input.type === 'choice' && choices.length === 0)
      throw errors.invalid({}, { problems: [{ path: 'choices', message: NO_CHOICES[ctx.locale] }] })
    const key =
      input.key ??
      freeKey(
        input.name,
        present.map((field) => field.key),
      )
    const position = present.reduce((last, field) => Math.max(last, field.position), 0) + 1
    const field = await insertField(ctx, {
      id: newId<'custom_field'>(ctx.now()),
      key,
      name: input.name,
      type: input.type,
      choices,
      position,
    })
    if (!field)
      throw errors.field_key_taken({ key }, { problems: [{ path: 'key', message: TAKEN[ctx.locale] }] })
    audit(
      ctx,
      'contacts.field_added',
      { kind: 'custom_field', id: field.id },
      { key, name: field.name, type: field.type, choices },
    )
    return field
  })
}

const NO_CHOICES = {
  en: 'A field of this type needs at least one choice.',
  fr: 'Un champ de ce type a besoin d’au moins un choix.',
}
const TAKEN = {
  en: 'Another field, perhaps an archived one, has this key.',
  fr: 'Un autre champ, peut-être archivé, a cette clé.',
}

/**
 * Renames a field, changes its choices or its place, archives it or takes it back. A choice that contacts still have
 * stays; archived fields keep their values and are no longer offered.
 *
 * @throws contacts.field_not_found, contacts.choice_in_use, contacts.invalid
 */
export function changeField(
  ctx: Ctx,
  id: CustomFieldId,
  input: {
    name?: string | undefined
    choices?: string[] | undefined
    position?: number | undefined
    isArchived?: boolean | undefined
  },
): Promise<CustomField> {
  return inTransaction(ctx, async (ctx) => {
    const field = await lockField(ctx, id)
    if (!field) throw errors.field_not_found({ id })
    const choices =
      field.type === 'choice' && input.choices !== undefined ? distinct(input.choices) : field.choices
    if (field.type === 'choice' && choices.length === 0)
      throw errors.invalid({}, { problems: [{ path: 'choices', message: NO_CHOICES[ctx.locale] }] })
    const removed = field.choices.filter((choice) => !choices.includes(choice))
    const used = removed.length === 0 ? [] : await choicesInUse(ctx, field.key, removed)
    if (used.length > 0)
      throw errors.choice_in_use({ key: field.key }, { extra: { choices: used.map(({ choice }) => choice) } })
    const archivedAt =
      input.isArchived === undefined
        ? field.archivedAt
        : input.isArchived
          ? (field.archivedAt ?? ctx.now())
          : null
    const next = {
      name: input.name ?? field.name,
      choices,
      position: input.position ?? field.position,
      archivedAt,
    }
    const changed = await updateField(ctx, id, next)
    audit(
      ctx,
      'contacts.field_changed',
      { kind: 'custom_field', id },
      { from: { name: field.name, choices: field.choices, archivedAt: field.archivedAt }, to: next },
    )
    return changed
  })
}

/** `Date d’achat` → `date_d_achat`, with a number behind it when it is taken. */
function freeKey(name: string, taken: readonly string[]): string {
  const bare = fold(name)
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, KEY_CHARS_MAX)
  const base = /^[a-z]/.test(bare) ? bare : `field_${bare}`.replace(/_+$/, '')
  let key = base
  for (let number = 2; taken.includes(key); number++) key = `${base}_${number}`
  return key
}

const distinct = (choices: readonly string[]): string[] => [
  ...new Set(choices.map((choice) => choice.trim()).filter((choice) => choice !== '')),
]
