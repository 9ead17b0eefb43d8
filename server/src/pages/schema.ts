/** What the room pages takes and gives. */
import { z } from 'zod'
import { defineRoutes, instant, pageOf, pageQuery, raw, wireId } from '../platform/wire.ts'
import { CONSENT_PURPOSES, localized, PERSON_CHANNELS, TOPIC_KEY } from '../consent/schema.ts'

const TITLE_CHARS_MAX = 160
const TEXT_CHARS_MAX = 1_000
const WORDING_CHARS_MAX = 2_000
const LABEL_CHARS_MAX = 80
const URL_CHARS_MAX = 500
const FIELDS_MAX = 20
const BOXES_MAX = 10
const TAGS_MAX = 20

/** Languages of a form's page. */
const locale = z.enum(['en', 'fr'])

/** Fields of a contact that a form may ask for; custom ones as `custom:key`. */
export const FORM_FIELDS = ['email', 'phone', 'firstName', 'lastName', 'country', 'city', 'birthday'] as const

/** One question. */
export const formField = z.strictObject({
  field: z
    .string()
    .regex(
      /^(email|phone|firstName|lastName|country|city|birthday|custom:[a-z0-9_]{1,60})$/,
      'No such field.',
    ),
  label: localized(LABEL_CHARS_MAX).optional(),
  isRequired: z.boolean().default(false),
})
export type FormField = z.output<typeof formField>

/** One box that a person may tick: what for, on which channel, in which words. */
export const consentBox = z.strictObject({
  key: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, 'Small letters, digits, hyphens, at most 40.'),
  channel: z.enum(PERSON_CHANNELS),
  purpose: z.enum(CONSENT_PURPOSES).default('marketing'),
  /** About one topic of the preference centre only. */
  topic: z.string().regex(TOPIC_KEY).nullable().default(null),
  wording: localized(WORDING_CHARS_MAX),
  /** Never true: silence and boxes ticked beforehand are no consent. Source: GDPR recital 32; PC-02 */
  isTicked: z.boolean().default(false),
})
export type ConsentBox = z.output<typeof consentBox>

/** A form as it is designed. */
export const formDefinition = z.strictObject({
  languages: z.array(locale).min(1, 'Choose at least one language.').max(2).default(['en', 'fr']),
  title: localized(TITLE_CHARS_MAX),
  intro: localized(TEXT_CHARS_MAX).optional(),
  button: localized(LABEL_CHARS_MAX).optional(),
  /** Shown after it was sent in; beside the request to confirm, where there is one. */
  thanks: localized(TEXT_CHARS_MAX).optional(),
  /** Where the organization says what it does with personal data. */
  privacyUrl: z
    .url({ protocol: /^https?$/, error: 'An address that begins with https://.' })
    .max(URL_CHARS_MAX)
    .nullable()
    .default(null),
  fields: z.array(formField).min(1, 'Ask for the e-mail address at least.').max(FIELDS_MAX),
  boxes: z.array(consentBox).max(BOXES_MAX),
  /** Consent counts only once the person has followed the link in a mail to them. */
  doubleOptIn: z.boolean().default(true),
  /** `link`: following the link confirms. `button`: the page behind it asks once more, for mailboxes that follow links. */
  confirmBy: z.enum(['link', 'button']).default('link'),
  replyTo: z.email('Not an e-mail address.').nullable().default(null),
  /** Given to everybody who signs up here. */
  tags: z.array(z.string().trim().min(1).max(60)).max(TAGS_MAX).default([]),
  accent: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'A colour like #5b3df5.')
    .nullable()
    .default(null),
})
export type FormDefinition = z.output<typeof formDefinition>
export type FormDefinitionInput = z.input<typeof formDefinition>

const NAME_CHARS_MAX = 120
const HTML = raw('text/html; charset=utf-8')

const tokenParams = z.object({ token: z.string() })
const formParams = z.object({ id: wireId('form') })
const state = z.enum(['draft', 'published', 'archived'])

/** A form. `url` is its public page, which answers once it is published. */
export const form = z.object({
  id: wireId('form'),
  name: z.string(),
  state,
  version: z.number().int(),
  definition: formDefinition,
  url: z.string(),
  createdBy: z.string(),
  createdAt: instant,
  updatedAt: instant,
  publishedAt: instant.nullable(),
})

/** A form with what came in by it, by what became of it. */
export const formWithCounts = form.extend({
  submissions: z.object({
    recorded: z.number().int(),
    pending: z.number().int(),
    confirmed: z.number().int(),
    expired: z.number().int(),
    blocked: z.number().int(),
  }),
})

/** What somebody sent in. What they typed stands in their profile. */
export const submission = z.object({
  id: wireId('form_submission'),
  formId: wireId('form'),
  version: z.number().int(),
  contactId: wireId('contact').nullable(),
  contactName: z.string().nullable(),
  state: z.enum(['recorded', 'pending', 'confirmed', 'expired', 'blocked']),
  locale: z.enum(['en', 'fr']),
  /** Keys of the boxes that were ticked. */
  boxes: z.array(z.string()),
  submittedAt: instant,
  mailedAt: instant.nullable(),
  confirmedAt: instant.nullable(),
  expiresAt: instant.nullable(),
})

const name = z.string().trim().min(1, 'Give the form a name.').max(NAME_CHARS_MAX)

/** The routes of pages. */
export const routes = defineRoutes({
  'GET /f/:token': {
    summary: 'The public page of a sign-up form.',
    params: tokenParams,
    ok: HTML,
    permission: 'public',
    crossOrigin: true,
  },
  'POST /f/:token': {
    summary:
      'Sends a sign-up form in: fields by their names, boxes as `consent_KEY=yes`. Urlencoded or multipart.',
    params: tokenParams,
    ok: HTML,
    permission: 'public',
    multipart: true,
    crossOrigin: true,
  },
  'GET /f/confirm/:token': {
    summary: 'The link of a double opt-in: confirms, once.',
    params: tokenParams,
    ok: HTML,
    permission: 'public',
    crossOrigin: true,
  },
  'POST /f/confirm/:token': {
    summary: 'Confirms by the button of the page.',
    params: tokenParams,
    ok: HTML,
    permission: 'public',
    multipart: true,
    crossOrigin: true,
  },
  'GET /api/forms': {
    summary: 'Sign-up forms, the one changed last first; archived ones only when asked for.',
    query: z.object({ ...pageQuery, state: state.optional() }),
    ok: pageOf(form),
    permission: 'pages.read',
  },
  'POST /api/forms': {
    summary: 'Makes a sign-up form, as a draft.',
    body: z.strictObject({ name, definition: formDefinition }),
    ok: formWithCounts,
    status: 201,
    permission: 'pages.write',
  },
  'GET /api/forms/:id': {
    summary: 'One sign-up form, with what came in by it.',
    params: formParams,
    ok: formWithCounts,
    permission: 'pages.read',
  },
  'PUT /api/forms/:id': {
    summary: 'Saves a sign-up form. A changed definition is a new version, shown from then on.',
    params: formParams,
    body: z.strictObject({
      name,
      definition: formDefinition,
      /** The version that the change was made from. */
      version: z.number().int().min(1),
    }),
    ok: formWithCounts,
    permission: 'pages.write',
  },
  'DELETE /api/forms/:id': {
    summary: 'Archives a sign-up form: its page closes for good, what came in by it stays.',
    params: formParams,
    permission: 'pages.write',
  },
  'POST /api/forms/:id/publish': {
    summary: 'Opens the public page.',
    params: formParams,
    ok: formWithCounts,
    permission: 'pages.write',
  },
  'POST /api/forms/:id/unpublish': {
    summary: 'Closes the public page.',
    params: formParams,
    ok: formWithCounts,
    permission: 'pages.write',
  },
  'GET /api/forms/:id/versions': {
    summary: 'Every version of a sign-up form, the latest first.',
    params: formParams,
    ok: z.object({
      items: z.array(
        z.object({
          version: z.number().int(),
          definition: formDefinition,
          createdBy: z.string(),
          createdAt: instant,
        }),
      ),
    }),
    permission: 'pages.read',
  },
  'GET /api/forms/:id/submissions': {
    summary: 'What came in by a sign-up form, latest first.',
    params: formParams,
    query: z.object(pageQuery),
    ok: pageOf(submission),
    permission: 'pages.read',
  },
  'POST /api/forms/preview': {
    summary: 'The page as a definition would show it. Nothing is saved.',
    body: z.strictObject({ definition: formDefinition, locale: z.enum(['en', 'fr']).default('en') }),
    ok: z.object({ html: z.string() }),
    permission: 'pages.read',
  },
})
