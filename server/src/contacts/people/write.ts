/** Creating and editing one contact. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { FieldProblem } from '../../platform/errors.ts'
import { announce } from '../../platform/events/index.ts'
import { type ContactId, toWire } from '../../platform/ids.ts'
import { type CheckContext, checkValue } from '../changes/apply.ts'
import { errors } from '../errors.ts'
import { contactsCreated, contactsUpdated } from '../events.ts'
import { selectFields } from '../fields/queries.ts'
import { type Contact, type ContactContent, copyContent, emptyDraft } from '../store/draft.ts'
import { contactWrite } from '../store/merge-batch.ts'
import { isSameValue } from '../store/policy.ts'
import {
  insertContacts,
  prepareRows,
  lockContacts,
  rememberTags,
  selectByEmail,
  selectContact,
  updateContacts,
} from '../store/queries.ts'
import { setValue, valueOf } from '../store/revision.ts'
import { STANDARD_FIELDS, type StandardField } from '../values/fields.ts'
import { countryCode } from '../values/place.ts'
import { type Reason, reasonText } from '../values/reasons.ts'
import { ENTRY_CHARS_MAX, LIST_ENTRIES_MAX, parseText } from '../values/text.ts'

/** What a person or a program wants a contact to hold; null and empty text clear, what is absent stays. */
export type ContactInput = { [F in StandardField]?: string | null | undefined } & {
  tags?: string[] | undefined
  attributes?: Record<string, unknown> | undefined
}

/**
 * Adds one contact.
 * @throws contacts.invalid, contacts.email_taken  (with the id of the one who has it)
 */
export function createContact(ctx: Ctx, input: ContactInput, source: string): Promise<Contact> {
  return inTransaction(ctx, async (ctx) => {
    const content = await applyInput(ctx, { ...emptyDraft(), tags: [] }, input)
    if (
      content.email === null &&
      content.phone === null &&
      content.firstName === null &&
      content.lastName === null
    ) {
      throw errors.invalid({}, { problems: [{ path: 'email', message: EMPTY[ctx.locale] }] })
    }
    const keys = await ctx.platform.secrets.of(ctx)
    const rows = await prepareRows(ctx, [contactWrite(keys, content)])
    const [id] = await insertContacts(ctx, rows, { source, importId: null, at: ctx.now() })
    if (id === undefined) throw await emailTaken(ctx, content.email)
    if (content.tags.length > 0) await rememberTags(ctx, content.tags, ctx.now())
    audit(ctx, 'contacts.created', { kind: 'contact', id }, { fields: namedFields(content) })
    announce(ctx, contactsCreated, { contactIds: [id], source, importId: null }, { contactId: id })
    const contact = await selectContact(ctx, id)
    if (!contact) throw errors.not_found({ id })
    return contact
  })
}

const EMPTY = {
  en: 'Give at least an e-mail address, a phone number or a name.',
  fr: 'Indiquez au moins une adresse e-mail, un numéro de téléphone ou un nom.',
}

/**
 * Changes one contact; a change that changes nothing leaves no trace.
 * @throws contacts.not_found, contacts.invalid, contacts.email_taken
 */
export function updateContact(
  ctx: Ctx,
  id: ContactId,
  input: ContactInput,
  source: string,
): Promise<Contact> {
  return inTransaction(ctx, async (ctx) => {
    const [present] = await lockContacts(ctx, [id])
    if (!present) throw errors.not_found({ id })
    const content = await applyInput(ctx, present, input)
    const changed = changedNames(present, content)
    if (changed.length === 0) return present
    if (
      content.email !== null &&
      content.email !== present.email &&
      (await selectByEmail(ctx, content.email))
    )
      throw await emailTaken(ctx, content.email)
    const keys = await ctx.platform.secrets.of(ctx)
    await updateContacts(ctx, [id], [contactWrite(keys, content)], ctx.now())
    if (changed.includes('tags')) await rememberTags(ctx, content.tags, ctx.now())
    audit(
      ctx,
      'contacts.updated',
      { kind: 'contact', id },
      Object.fromEntries(changed.map((field) => [field, [valueOf(present, field), valueOf(content, field)]])),
    )
    announce(
      ctx,
      contactsUpdated,
      { contactIds: [id], source, importId: null, fields: changed },
      { contactId: id },
    )
    return { ...present, ...content, updatedAt: ctx.now() }
  })
}

async function emailTaken(ctx: Ctx, email: string | null): Promise<Error> {
  const other = email === null ? undefined : await selectByEmail(ctx, email)
  return errors.email_taken(
    {},
    {
      problems: [{ path: 'email', message: reasonText('email_taken', ctx.locale) }],
      extra: other ? { contactId: toWire('contact', other.id) } : {},
    },
  )
}

/** The content with the input applied. @throws contacts.invalid  with every field that is wrong */
async function applyInput(
  ctx: Ctx,
  present: Readonly<ContactContent>,
  input: ContactInput,
): Promise<ContactContent> {
  const content = copyContent(present)
  const problems: FieldProblem[] = []
  const refuse = (path: string, reason: Reason): void =>
    void problems.push({ path, message: reasonText(reason, ctx.locale) })
  const fields = input.attributes === undefined ? [] : await selectFields(ctx)
  // A number without country code is dialled from where the person lives, as far as that is known.
  const about: CheckContext = {
    customFields: new Map(
      fields.filter((field) => field.archivedAt === null).map((field) => [field.key, field]),
    ),
    defaultCountry: input.country === undefined ? present.country : countryCode(input.country),
    today: ctx.now().toISOString().slice(0, 10),
  }
  for (const field of STANDARD_FIELDS) {
    if (input[field] === undefined) continue
    const parsed = checkValue(field, input[field], about)
    if (parsed.ok) setValue(content, field, parsed.value)
    else refuse(field, parsed.reason)
  }
  for (const [key, value] of Object.entries(input.attributes ?? {})) {
    const path = `attributes.${key}`
    if (!about.customFields.has(key)) {
      problems.push({ path, message: UNKNOWN_FIELD[ctx.locale] })
      continue
    }
    const parsed = checkValue(`custom:${key}`, value, about)
    if (parsed.ok) setValue(content, `custom:${key}`, parsed.value)
    else refuse(path, parsed.reason)
  }
  if (input.tags !== undefined) {
    const tags = new Set<string>()
    for (const tag of input.tags) {
      const parsed = parseText(tag, ENTRY_CHARS_MAX)
      if (!parsed.ok) refuse('tags', parsed.reason)
      else if (parsed.value !== '') tags.add(parsed.value)
    }
    if (tags.size > LIST_ENTRIES_MAX) refuse('tags', 'list_too_long')
    content.tags = [...tags]
  }
  if (problems.length > 0) throw errors.invalid({}, { problems })
  return content
}

const UNKNOWN_FIELD = { en: 'There is no such field.', fr: 'Ce champ n’existe pas.' }

function namedFields(content: ContactContent): string[] {
  return changedNames({ ...emptyDraft(), tags: [] }, content)
}

/** Names of the fields that differ. */
export function changedNames(before: Readonly<ContactContent>, after: Readonly<ContactContent>): string[] {
  const keys = new Set([...Object.keys(before.attributes), ...Object.keys(after.attributes)])
  const names = [...STANDARD_FIELDS, 'tags', ...[...keys].map((key) => `custom:${key}`)]
  return names.filter((name) => {
    const [a, b] = [valueOf(before, name), valueOf(after, name)]
    return a === null || b === null ? a !== b : !isSameValue(a, b)
  })
}
