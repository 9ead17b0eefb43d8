/** What a campaign says on channels other than e-mail, as its author wrote it. Drafts may be unfinished. */
import { z } from 'zod'
import { instant } from '../platform/wire.ts'

/** Channels whose contents are texts rather than mails. */
export const PERSON_CHANNELS = ['sms', 'whatsapp', 'in_app', 'webhook'] as const
export type MessageChannel = (typeof PERSON_CHANNELS)[number]

/** Ten parts of a text message are 1,530 characters; what is longer is no text message. Source: CS-002.2 */
export const SMS_CHARS_MAX = 1_600
/** Characters that the counter of parts reads at all: a rendered text may be longer than its source. */
export const SMS_CHARACTERS_MAX = 5_000
/** Beyond this a WhatsApp text is warned of: few read further. Source: CS-002.3, FR-003.3 */
export const WHATSAPP_ADVISED_CHARS_MAX = 1_600
/** The longest body that WhatsApp takes. Source: platforms report, WhatsApp Cloud API */
export const WHATSAPP_CHARS_MAX = 4_096
export const IN_APP_TITLE_CHARS_MAX = 120
export const IN_APP_BODY_CHARS_MAX = 2_000
export const WEBHOOK_PAYLOAD_CHARS_MAX = 64_000
const URL_CHARS_MAX = 2_000
const VARIABLES_MAX = 20
const HEADERS_MAX = 20

/** A text that PostgreSQL can keep: without NUL and halves of characters. */
const text = (charsMax: number) =>
  z
    .string()
    .max(charsMax, `At most ${charsMax} characters.`)
    .overwrite((value) => value.toWellFormed().replaceAll('\0', ''))

const language = z.enum(['en', 'fr']).default('en')

/** A text message. Source: CS-002.2, MA-5.1 */
export const smsSource = z.object({
  language,
  text: text(SMS_CHARS_MAX).default(''),
  /** Characters that read the same are written in the cheap alphabet, where that makes the whole text cheap. */
  smartEncoding: z.boolean().optional(),
})
export type SmsSource = z.output<typeof smsSource>

/** A WhatsApp message: an approved template with its variables, or free text within 24 hours of the person's last word. */
export const whatsappSource = z.object({
  language,
  /** The template's name at WhatsApp; empty: free text. */
  template: text(512).default(''),
  /** As WhatsApp names languages, such as `en_US`. */
  templateLanguage: text(20).default('en'),
  /** What fills {{1}}, {{2}} … of the template, each with Liquid. */
  variables: z.array(text(1_024)).max(VARIABLES_MAX).default([]),
  text: text(WHATSAPP_CHARS_MAX).default(''),
})
export type WhatsappSource = z.output<typeof whatsappSource>

/** A message in the inbox of the organization's own site or app. */
export const inAppSource = z.object({
  language,
  title: text(IN_APP_TITLE_CHARS_MAX).default(''),
  body: text(IN_APP_BODY_CHARS_MAX).default(''),
  actionLabel: text(60).default(''),
  actionUrl: text(URL_CHARS_MAX).default(''),
  /** A small picture beside the title. Contents from before there was one have none. Source: FR-003.4 */
  iconUrl: text(URL_CHARS_MAX).optional(),
  /** A large one above it. */
  imageUrl: text(URL_CHARS_MAX).default(''),
})
export type InAppSource = z.output<typeof inAppSource>

const header = z.object({
  name: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'Not a header name.'),
  value: text(1_000),
})

/** A call of a system of the organization's own, once per person. Source: CS-002.5 */
export const webhookSource = z.object({
  language,
  url: text(URL_CHARS_MAX).default(''),
  method: z.enum(['POST', 'PUT', 'PATCH']).default('POST'),
  headers: z.array(header).max(HEADERS_MAX).default([]),
  /** JSON with Liquid; every value of a contact is escaped for JSON. */
  payload: text(WEBHOOK_PAYLOAD_CHARS_MAX).default(
    '{\n  "email": "{{ contact.email }}",\n  "first_name": "{{ contact.first_name }}",\n  "campaign": "{{ campaign.name }}"\n}',
  ),
})
export type WebhookSource = z.output<typeof webhookSource>

const CREDENTIALS = /^(?:authorization|cookie|(?:x-)?(?:api|auth|access)-?(?:key|token)|private-token)$/i

/** One as it may be written: what is written is read by every member, and stays in the audit log. */
export const writtenWebhook = webhookSource.extend({
  headers: z
    .array(
      header.refine(({ name }) => !CREDENTIALS.test(name), {
        path: ['name'],
        message:
          'Credentials belong to the provider of webhooks under Settings, where they are sealed: everybody reads what stands here.',
      }),
    )
    .max(HEADERS_MAX)
    .default([]),
})

/** What is said on one channel other than e-mail. */
export const messageSource = z.discriminatedUnion('channel', [
  smsSource.extend({ channel: z.literal('sms') }),
  whatsappSource.extend({ channel: z.literal('whatsapp') }),
  inAppSource.extend({ channel: z.literal('in_app') }),
  writtenWebhook.extend({ channel: z.literal('webhook') }),
])
export type MessageSource = z.output<typeof messageSource>

/** One line of the pre-flight of a message, in the caller's language. `block` keeps it from leaving. */
export const messageCheck = z.object({
  id: z.string(),
  level: z.enum(['block', 'warn', 'ok']),
  field: z.string(),
  line: z.number().int().nullable(),
  column: z.number().int().nullable(),
  key: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  message: z.string(),
  hint: z.string().nullable(),
})
export type MessageCheck = z.output<typeof messageCheck>

/** A message as one person would get it. */
export const renderedMessage = z.discriminatedUnion('channel', [
  z.object({ channel: z.literal('sms'), text: z.string() }),
  z.object({
    channel: z.literal('whatsapp'),
    /** Null: free text. */
    template: z.object({ name: z.string(), language: z.string(), variables: z.array(z.string()) }).nullable(),
    text: z.string(),
  }),
  z.object({
    channel: z.literal('in_app'),
    title: z.string(),
    body: z.string(),
    action: z.object({ label: z.string(), url: z.string() }).nullable(),
    iconUrl: z.string().nullable(),
    imageUrl: z.string().nullable(),
  }),
  z.object({
    channel: z.literal('webhook'),
    url: z.string(),
    method: z.enum(['POST', 'PUT', 'PATCH']),
    headers: z.array(z.object({ name: z.string(), value: z.string() })),
    body: z.string(),
  }),
])
export type RenderedMessage = z.output<typeof renderedMessage>

/** Whose values stand for `event.…` in a preview: of the person's own latest such event, of anybody's, or samples. */
export const previewEvent = z.object({ values: z.enum(['own', 'latest', 'sample']), at: instant.nullable() })
export type PreviewEvent = z.output<typeof previewEvent>

/** A preview: the message, or what keeps it from being one. */
export const messagePreview = z.object({
  message: renderedMessage.nullable(),
  checks: z.array(messageCheck),
  at: instant,
  /** Whose values stand for `event.…`; null where no event sets it off. */
  event: previewEvent.nullable(),
})
export type MessagePreview = z.output<typeof messagePreview>
