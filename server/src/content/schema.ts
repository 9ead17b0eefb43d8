/** What the room content takes and gives: mail sources, problems, checks, previews, templates. */
import { z } from 'zod'
import { defineRoutes, instant, pageOf, pageQuery, wireId } from '../platform/wire.ts'
import { messagePreview, messageSource, previewEvent } from './message-schema.ts'

export * from './message-schema.ts'

/** Longest body, in characters: beyond any mail that a mailbox shows whole. */
export const BODY_CHARS_MAX = 1_000_000
/** Longest text part, in characters. */
export const TEXT_CHARS_MAX = 200_000
/** Longest subject, preheader and names, in characters. Mailboxes show far less; the pre-flight says how much. */
export const SUBJECT_CHARS_MAX = 250
export const PREHEADER_CHARS_MAX = 500
export const NAME_CHARS_MAX = 120
const EMAIL_CHARS_MAX = 254

/** The parts of a mail that an author writes. Problems and checks name the one to put right. */
export const MAIL_FIELDS = [
  'subject',
  'preheader',
  'fromName',
  'fromEmail',
  'replyTo',
  'body',
  'text',
] as const
export type MailField = (typeof MAIL_FIELDS)[number]

/** A text that PostgreSQL can keep: without NUL and halves of characters. */
const text = (charsMax: number, remedy: string) =>
  z
    .string()
    .max(charsMax, `At most ${charsMax} characters. ${remedy}`)
    .overwrite((value) => value.toWellFormed().replaceAll('\0', ''))

/**
 * A mail as its author wrote it. Every text may hold Liquid except the two addresses. A draft may be unfinished:
 * only sizes are bounded here, the rest is for the pre-flight to say.
 * Source: CS-002.1, FR-003.1
 */
export const mailSource = z.object({
  /** Of fixed words (unsubscribe line), dates and the mail's `lang`. */
  language: z.enum(['en', 'fr']).default('en'),
  subject: text(SUBJECT_CHARS_MAX, 'Shorten the subject.').default(''),
  preheader: text(PREHEADER_CHARS_MAX, 'Shorten the preheader.').default(''),
  fromName: text(NAME_CHARS_MAX, "Shorten the sender's name.").default(''),
  fromEmail: text(EMAIL_CHARS_MAX, 'No e-mail address is that long.').default(''),
  replyTo: text(EMAIL_CHARS_MAX, 'No e-mail address is that long.').default(''),
  format: z.enum(['mjml', 'html']).default('mjml'),
  body: text(BODY_CHARS_MAX, 'Put images on the web instead of into the mail, and shorten the body.').default(
    '',
  ),
  /** Null: derived from the HTML. */
  text: text(TEXT_CHARS_MAX, 'Shorten the text part.').nullable().default(null),
})
export type MailSource = z.output<typeof mailSource>
export type MailSourceInput = z.input<typeof mailSource>

/** Everything that keeps a mail from being compiled, or from being written for one person. */
export const PROBLEM_CODES = [
  'liquid_syntax',
  'liquid_tag_unknown',
  'liquid_filter_unknown',
  'liquid_too_complex',
  'variable_unknown',
  'variable_in_tag',
  'variable_unquoted',
  'markup_unfinished',
  'mjml_root_missing',
  'mjml_unclosed',
  'mjml_invalid',
  'mjml_too_complex',
  'html_unclosed',
  'html_forbidden_element',
  'html_forbidden_attribute',
  'link_scheme',
  'link_relative',
  'link_invalid',
  'link_host_variable',
  'link_starts_with_logic',
  'links_too_many',
  'body_empty',
  'body_too_large',
  'text_not_derivable',
  'beyond_limit',
] as const
export type ProblemCode = (typeof PROBLEM_CODES)[number]

/** One thing that keeps a mail from being compiled: where, and with what in it. Lines and columns count from 1. */
export const mailProblem = z.object({
  code: z.enum(PROBLEM_CODES),
  field: z.enum(MAIL_FIELDS),
  line: z.number().int().nullable(),
  column: z.number().int().nullable(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type Problem = z.output<typeof mailProblem>

/** Everything the pre-flight looks at. */
export const CHECK_IDS = [
  'compiles',
  'subject_present',
  'subject_length',
  'subject_shouting',
  'preheader_present',
  'sender_name',
  'sender_address',
  'reply_address',
  'unsubscribe',
  'postal_address',
  'links_lead_somewhere',
  'links_finished',
  'links_counted',
  'links_secure',
  'variables_fallback',
  'images_described',
  'html_size',
  'text_part',
] as const
export type CheckId = (typeof CHECK_IDS)[number]

/** One line of the pre-flight list. `block` keeps the mail from leaving. `message` and `hint` are in the caller's language. */
export const mailCheck = z.object({
  id: z.enum(CHECK_IDS),
  level: z.enum(['block', 'warn', 'ok']),
  field: z.enum(MAIL_FIELDS),
  line: z.number().int().nullable(),
  column: z.number().int().nullable(),
  /** Of the sentence, for other languages than those offered. */
  key: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  message: z.string(),
  /** What to do about it; null when nothing is to be done. */
  hint: z.string().nullable(),
})
export type Check = z.output<typeof mailCheck>

/** A request may carry a body far beyond what is allowed, so that it is refused by name and not by size. */
const REQUEST_BYTES_MAX = 12 * 1024 * 1024
const TEMPLATE_NAME_CHARS_MAX = 120
/** As long as a campaign's may be, that its draft can be shown. */
const CAMPAIGN_NAME_CHARS_MAX = 200
const DESCRIPTION_CHARS_MAX = 500
const TEST_RECIPIENTS_MAX = 5

/** A variable as offered to authors. */
const variable = z.object({
  /** As written in Liquid. */
  name: z.string(),
  type: z.enum(['text', 'number', 'date', 'boolean', 'list', 'url']),
  /** Some contacts have no value: give a fallback. */
  optional: z.boolean(),
  /** The name of an own contact field; null for standard variables. */
  label: z.string().nullable(),
})

/** People who are not there, for looking at a mail: what must not break it. */
export const SAMPLES = ['typical', 'no_name', 'long_name', 'right_to_left'] as const
export type Sample = (typeof SAMPLES)[number]

const previewAs = z.union([z.object({ contactId: wireId('contact') }), z.object({ sample: z.enum(SAMPLES) })])
export type PreviewAs = z.output<typeof previewAs>

/** The type of the event that sets the campaign off: its properties are variables, too. */
const event = z.string().min(1).max(300).optional()

const preview = z.object({
  /** Null when the source cannot be compiled; `problems` says why. */
  mail: z
    .object({
      subject: z.string(),
      preheader: z.string(),
      fromName: z.string(),
      fromEmail: z.string(),
      replyTo: z.string(),
      /** For a sandboxed frame: sanitised, with a policy of its own. */
      html: z.string(),
      text: z.string(),
    })
    .nullable(),
  links: z.array(z.object({ index: z.number().int(), label: z.string(), url: z.string() })),
  problems: z.array(mailCheck),
  /** Null where no event sets it off. */
  event: previewEvent.nullable(),
})
export type Preview = z.output<typeof preview>

/** Our own templates, by what they are for. */
export const STARTER_KEYS = ['newsletter', 'welcome', 'launch', 'offer', 'event', 'win_back'] as const
export type StarterKey = (typeof STARTER_KEYS)[number]
const starterLanguage = { language: z.enum(['en', 'fr']).default('en') }

const starter = z.object({
  key: z.enum(STARTER_KEYS),
  name: z.string(),
  description: z.string(),
  source: mailSource,
})

const templateFields = {
  name: z.string().trim().min(1, 'Give the template a name.').max(TEMPLATE_NAME_CHARS_MAX),
  description: z.string().trim().max(DESCRIPTION_CHARS_MAX).default(''),
  source: mailSource,
}
const templateEntry = z.object({
  id: wireId('template'),
  name: z.string(),
  description: z.string(),
  subject: z.string(),
  language: z.enum(['en', 'fr']),
  createdAt: instant,
  updatedAt: instant,
})
const template = templateEntry.extend({
  source: mailSource,
  /** Goes up with each change; a change names the one it was made on. */
  version: z.number().int(),
})
const templateId = z.object({ id: wireId('template') })

/** What the room answers. */
export const routes = defineRoutes({
  'GET /api/content/variables': {
    summary: 'List the variables that mails may use',
    query: z.object({ event }),
    ok: z.object({ items: z.array(variable) }),
    permission: 'content.read',
  },
  'GET /api/content/starters': {
    summary: 'List the built-in templates',
    query: z.object(starterLanguage),
    ok: z.object({ items: z.array(starter) }),
    permission: 'content.read',
  },
  'GET /api/content/starters/:key/preview': {
    summary: 'Show a built-in template as a sample person receives it',
    params: z.object({ key: z.enum(STARTER_KEYS) }),
    query: z.object(starterLanguage),
    ok: preview,
    permission: 'content.read',
  },
  'GET /api/content/templates': {
    summary: 'List templates, last changed first',
    query: z.object({ ...pageQuery, q: z.string().trim().max(TEMPLATE_NAME_CHARS_MAX).optional() }),
    ok: pageOf(templateEntry),
    permission: 'content.read',
  },
  'POST /api/content/templates': {
    summary: 'Create a template',
    body: z.object(templateFields),
    bodyBytesMax: REQUEST_BYTES_MAX,
    ok: template,
    status: 201,
    permission: 'content.write',
  },
  'GET /api/content/templates/:id': {
    summary: 'Read a template',
    params: templateId,
    ok: template,
    permission: 'content.read',
  },
  'PUT /api/content/templates/:id': {
    summary: 'Change a template',
    params: templateId,
    body: z.object({ ...templateFields, version: z.number().int().min(1) }),
    bodyBytesMax: REQUEST_BYTES_MAX,
    ok: template,
    permission: 'content.write',
  },
  'DELETE /api/content/templates/:id': {
    summary: 'Delete a template; it can be restored',
    params: templateId,
    permission: 'content.write',
  },
  'POST /api/content/templates/:id/restore': {
    summary: 'Restore a deleted template',
    params: templateId,
    ok: template,
    permission: 'content.write',
  },
  'POST /api/content/templates/:id/duplicate': {
    summary: 'Copy a template',
    params: templateId,
    ok: template,
    status: 201,
    permission: 'content.write',
  },
  'GET /api/content/templates/:id/preview': {
    summary: 'Show a template as a sample person receives it',
    params: templateId,
    ok: preview,
    permission: 'content.read',
  },
  'POST /api/content/preview': {
    summary: 'Show a mail as a contact or a sample person receives it',
    body: z.object({
      source: mailSource,
      as: previewAs.default({ sample: 'typical' }),
      theme: z.enum(['light', 'dark']).default('light'),
      campaignName: z.string().max(CAMPAIGN_NAME_CHARS_MAX).default(''),
      event,
    }),
    bodyBytesMax: REQUEST_BYTES_MAX,
    // It shows a contact's data, which is not kept for a repeated key.
    answerIsSecret: true,
    ok: preview,
    permission: 'content.read',
  },
  'POST /api/content/preflight': {
    summary: 'Check a mail before it leaves',
    body: z.object({ source: mailSource, event }),
    bodyBytesMax: REQUEST_BYTES_MAX,
    answerIsSecret: true,
    ok: z.object({ ready: z.boolean(), checks: z.array(mailCheck) }),
    permission: 'content.read',
  },
  'POST /api/content/message-preview': {
    summary:
      'Show a text message, WhatsApp message, in-app message or webhook call as a person gets it, with its checks',
    body: z.object({
      source: messageSource,
      as: previewAs.default({ sample: 'typical' }),
      campaignName: z.string().max(CAMPAIGN_NAME_CHARS_MAX).default(''),
      event,
    }),
    answerIsSecret: true,
    ok: messagePreview,
    permission: 'content.read',
  },
  'POST /api/content/test-send': {
    summary: 'Send a mail, marked as a test, to a few addresses',
    body: z.object({
      source: mailSource,
      to: z
        .array(z.email('This is not an e-mail address.').max(EMAIL_CHARS_MAX))
        .min(1, 'Give at least one address.')
        .max(TEST_RECIPIENTS_MAX, `At most ${TEST_RECIPIENTS_MAX} addresses.`),
      as: previewAs.default({ sample: 'typical' }),
      campaignName: z.string().max(CAMPAIGN_NAME_CHARS_MAX).default(''),
      event,
    }),
    bodyBytesMax: REQUEST_BYTES_MAX,
    ok: z.object({ sentTo: z.array(z.string()) }),
    permission: 'content.write',
  },
})
