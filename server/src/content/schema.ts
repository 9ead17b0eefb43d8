/** What the room content takes and gives: mail sources, problems, checks, previews, templates. */
import { z } from 'zod'

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

/**
 * A mail as its author wrote it. Every text may hold Liquid except the two addresses. A draft may be unfinished:
 * only sizes are bounded here, the rest is for the pre-flight to say.
 * Source: CS-002.1, FR-003.1
 */
export const mailSource = z.object({
  /** Of fixed words (unsubscribe line), dates and the mail's `lang`. */
  language: z.enum(['en', 'fr']).default('en'),
  subject: z
    .string()
    .max(SUBJECT_CHARS_MAX, `At most ${SUBJECT_CHARS_MAX} characters. Shorten the subject.`)
    .default(''),
  preheader: z
    .string()
    .max(PREHEADER_CHARS_MAX, `At most ${PREHEADER_CHARS_MAX} characters. Shorten the preheader.`)
    .default(''),
  fromName: z
    .string()
    .max(NAME_CHARS_MAX, `At most ${NAME_CHARS_MAX} characters. Shorten the sender's name.`)
    .default(''),
  fromEmail: z.string().max(EMAIL_CHARS_MAX, 'No e-mail address is that long.').default(''),
  replyTo: z.string().max(EMAIL_CHARS_MAX, 'No e-mail address is that long.').default(''),
  format: z.enum(['mjml', 'html']).default('mjml'),
  body: z
    .string()
    .max(
      BODY_CHARS_MAX,
      'At most 1,000,000 characters. Put images on the web instead of into the mail, and shorten the body.',
    )
    .default(''),
  /** Null: derived from the HTML. */
  text: z
    .string()
    .max(TEXT_CHARS_MAX, 'At most 200,000 characters. Shorten the text part.')
    .nullable()
    .default(null),
})
export type MailSource = z.output<typeof mailSource>
export type MailSourceInput = z.input<typeof mailSource>

/** Everything that keeps a mail from being compiled. */
export const PROBLEM_CODES = [
  'liquid_syntax',
  'liquid_tag_unknown',
  'liquid_filter_unknown',
  'liquid_too_complex',
  'variable_unknown',
  'variable_in_tag',
  'variable_unquoted',
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
