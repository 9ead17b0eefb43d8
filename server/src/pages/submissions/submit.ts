/** What happens when somebody sends a form in. */
import { parseEmail, parsePhone, upsertContacts, type ContactInput } from '../../contacts/index.ts'
import { isSuppressed, marketingAbout, recordConsents } from '../../consent/index.ts'
import type { Ctx, Locale } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { assert } from '../../platform/errors.ts'
import { announce } from '../../platform/events/index.ts'
import { toWire, type ContactId } from '../../platform/ids.ts'
import { enqueue } from '../../platform/jobs/index.ts'
import { formSubmitted } from '../events.ts'
import type { ConsentBox, FormDefinition } from '../schema.ts'
import type { FormId } from '../forms/queries.ts'
import { boxName, HONEYPOT, wordingOf } from '../public/page.ts'
import { FORM_TEXTS } from '../public/texts.ts'
import { countLately, insertSubmission } from './queries.ts'
import { confirmationWork } from './work.ts'

/** Days for which a link to confirm works. Source: compliance report §3.1 */
export const CONFIRM_DAYS = 7
const DAY_MS = 86_400_000
/** Nobody's mailbox can be filled by a form. Source: compliance report §4.9 no. 6 */
const MAILS_A_DAY_MAX = 3
/** A second press of the button is the same submission; with other boxes it is somebody who went back to tick them. */
const AGAIN_MS = 60_000
/** So many of one neighbourhood by one form within ten minutes are no people. */
const NEIGHBOURHOOD_MAX = 200
const NEIGHBOURHOOD_MS = 10 * 60_000
const VALUE_CHARS_MAX = 2_000

/** A form that is being sent in, in the version that the person saw. */
export interface SentForm {
  formId: FormId
  version: number
  definition: FormDefinition
  locale: Locale
  values: Readonly<Record<string, string>>
}

/** What became of it. Whether an address is known, barred or too eager shows in none of them. */
export type SubmitOutcome =
  | { kind: 'wrong'; problems: Record<string, string> }
  | { kind: 'too_many' }
  | { kind: 'taken'; asksToConfirm: boolean; hasTicked: boolean; address: string }

/** Takes a form: the contact, the words, and with double opt-in the mail that asks to confirm. Source: PC-01, PC-02, PC-08 */
export async function submitForm(ctx: Ctx, sent: SentForm): Promise<SubmitOutcome> {
  const ticked = sent.definition.boxes.filter(({ key }) => sent.values[boxName(key)] === 'yes')
  const hasTicked = ticked.length > 0
  const asksToConfirm = sent.definition.doubleOptIn && hasTicked
  const typed = (sent.values['email'] ?? '').trim()
  if ((sent.values[HONEYPOT] ?? '') !== '') return { kind: 'taken', asksToConfirm, hasTicked, address: typed }
  const read = readValues(sent)
  if (read.kind === 'wrong') return read
  const { email, input } = read
  const keys = await ctx.platform.secrets.of(ctx)
  const addressHash = keys.addressHash('email', email)
  const now = ctx.now().getTime()
  const lately = await countLately(ctx, {
    formId: sent.formId,
    addressHash,
    boxes: ticked.map(({ key }) => key),
    mailsSince: new Date(now - DAY_MS),
    formSince: new Date(now - AGAIN_MS),
    neighbourhoodSince: new Date(now - NEIGHBOURHOOD_MS),
  })
  if (lately.neighbourhood >= NEIGHBOURHOOD_MAX) return { kind: 'too_many' }
  const taken = { kind: 'taken' as const, asksToConfirm, hasTicked, address: email }
  if (lately.byForm > 0 || (asksToConfirm && lately.mails >= MAILS_A_DAY_MAX)) return taken
  const barred = await isSuppressed(ctx, 'email', addressHash)
  if (barred?.scope === 'all') {
    await keepBlocked(ctx, sent, addressHash, ticked)
    return taken
  }
  if (asksToConfirm) await takePending(ctx, sent, { email, input, addressHash, ticked })
  else await takeAtOnce(ctx, sent, { input, addressHash, ticked })
  return taken
}

/**
 * Writes down what a person agreed to, box by box, each with the very words that stood beside it.
 * @param state  `pending` until a double opt-in is confirmed
 */
export async function recordTicked(
  ctx: Ctx,
  contactId: ContactId,
  form: Pick<SentForm, 'formId' | 'version' | 'locale'>,
  boxes: readonly ConsentBox[],
  state: 'granted' | 'pending',
): Promise<void> {
  for (const box of boxes)
    await recordConsents(ctx, { source: 'form', wording: wordingOf(box, form.locale) }, [
      {
        contactId,
        channel: box.channel,
        purpose: box.purpose === 'marketing' ? marketingAbout(box.topic) : box.purpose,
        state,
        basis: 'consent',
        sourceId: toWire('form', form.formId),
        sourceVersion: String(form.version),
      },
    ])
}

/** A contact as the form describes them. `fill` never overwrites: who typed the address is not known yet. */
export async function upsertPerson(
  ctx: Ctx,
  input: ContactInput,
  policy: 'fill' | 'update',
): Promise<ContactId> {
  const [outcome] = await upsertContacts(ctx, [input], { source: 'form', policy })
  assert(outcome?.contactId, 'a person with a valid address is taken')
  return outcome.contactId
}

interface Taken {
  input: ContactInput
  addressHash: Buffer
  ticked: readonly ConsentBox[]
}

function takeAtOnce(ctx: Ctx, sent: SentForm, { input, addressHash, ticked }: Taken): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const contactId = await upsertPerson(ctx, input, 'fill')
    await recordTicked(ctx, contactId, sent, ticked, 'granted')
    await insertSubmission(ctx, {
      ...whatWasSent(sent, ticked),
      contactId,
      state: 'recorded',
      fieldValues: null,
      addressHash,
      expiresAt: null,
    })
    announceSubmission(ctx, contactId, sent, true)
  })
}

function takePending(
  ctx: Ctx,
  sent: SentForm,
  { email, input, addressHash, ticked }: Taken & { email: string },
): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const contactId = await upsertPerson(ctx, { email, language: sent.locale }, 'fill')
    await recordTicked(ctx, contactId, sent, ticked, 'pending')
    const submissionId = await insertSubmission(ctx, {
      ...whatWasSent(sent, ticked),
      contactId,
      state: 'pending',
      fieldValues: heldValues(input),
      addressHash,
      expiresAt: new Date(ctx.now().getTime() + CONFIRM_DAYS * DAY_MS),
    })
    announceSubmission(ctx, contactId, sent, false)
    await enqueue(ctx, confirmationWork, { submissionId }, { key: submissionId })
  })
}

/** Nothing that was typed is kept of an address that is never to be used, but that somebody tried. */
const keepBlocked = (
  ctx: Ctx,
  sent: SentForm,
  addressHash: Buffer,
  ticked: readonly ConsentBox[],
): Promise<unknown> =>
  insertSubmission(ctx, {
    ...whatWasSent(sent, ticked),
    contactId: null,
    state: 'blocked',
    fieldValues: null,
    addressHash,
    expiresAt: null,
  })

const whatWasSent = ({ formId, version, locale }: SentForm, ticked: readonly ConsentBox[]) => ({
  formId,
  version,
  locale,
  boxes: ticked.map(({ key }) => key),
})

function announceSubmission(
  ctx: Ctx,
  contactId: ContactId,
  { formId, version }: SentForm,
  isConfirmed: boolean,
): void {
  announce(ctx, formSubmitted, { formId: toWire('form', formId), version, isConfirmed }, { contactId })
}

/** What was typed, as texts, until it is confirmed. */
function heldValues(input: ContactInput): Record<string, string> {
  const { attributes = {}, tags: _tags, ...fields } = input
  const all = [
    ...Object.entries(fields),
    ...Object.entries(attributes).map(([key, value]): [string, unknown] => [`custom:${key}`, value]),
  ]
  return Object.fromEntries(
    all.flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : [])),
  )
}

/** Held values as a contact's. */
export function inputOf(values: Readonly<Record<string, string>>, tags: readonly string[]): ContactInput {
  const attributes = Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      name.startsWith('custom:') ? [[name.slice('custom:'.length), value]] : [],
    ),
  )
  const fields = Object.fromEntries(Object.entries(values).filter(([name]) => !name.startsWith('custom:')))
  return {
    ...fields,
    ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
    ...(tags.length === 0 ? {} : { tags: [...tags] }),
  }
}

function readValues(
  sent: SentForm,
):
  | { kind: 'wrong'; problems: Record<string, string> }
  | { kind: 'read'; email: string; input: ContactInput } {
  const t = FORM_TEXTS[sent.locale]
  const problems: Record<string, string> = {}
  const values: Record<string, string> = { language: sent.locale }
  for (const { field, isRequired } of sent.definition.fields) {
    const typed = (sent.values[field] ?? '').trim().slice(0, VALUE_CHARS_MAX)
    if (typed === '') {
      if (isRequired) problems[field] = t.missing
      continue
    }
    const read = readValue(field, typed, sent.locale)
    if (read === null) problems[field] = t.wrong[field] ?? t.wrong['other'] ?? ''
    else values[field] = read
  }
  const email = values['email']
  if (Object.keys(problems).length > 0 || email === undefined)
    return { kind: 'wrong', problems: email === undefined ? { email: t.missing, ...problems } : problems }
  return { kind: 'read', email, input: inputOf(values, sent.definition.tags) }
}

/** A value in its stored form; null when it cannot be one. What only contacts can judge is left to them. */
function readValue(field: string, typed: string, locale: Locale): string | null {
  if (field === 'email') {
    const parsed = parseEmail(typed)
    return parsed.ok ? parsed.value : null
  }
  if (field === 'phone') {
    const parsed = parsePhone(typed, locale === 'fr' ? 'FR' : null)
    return parsed.ok ? parsed.value : null
  }
  if (field === 'birthday') return /^\d{4}-\d{2}-\d{2}$/.test(typed) ? typed : null
  return typed
}
