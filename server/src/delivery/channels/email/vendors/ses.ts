/**
 * Amazon SES v2: up to fifty recipients in a call, each with its own texts, headers and tag. A template of three places
 * takes them whole: SES puts values in as they are.
 * Source: its Smithy model; platforms report §2.1
 */
import { z } from 'zod'
import { joined } from '../../../../content/index.ts'
import {
  all,
  headerOf,
  jsonOf,
  verdict,
  wordOfStatus,
  type VendorAdapter,
  type VendorWord,
} from '../../api/vendor.ts'
import type { TroubleKind } from '../../outcome.ts'
import { mailbox, personalHeaders, TOKEN_KEY, type MailMessage } from '../mail-message.ts'
import { signAws } from './aws-signature.ts'

/** What an account is reached by. */
export interface SesAccount {
  /** `https://email.<region>.amazonaws.com`. */
  baseUrl: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  /** Names where events go; null: none come. */
  configurationSet: string | null
}

/** Values of one recipient. */
const DATA_BYTES_MAX = 262_144
const answerSchema = z.object({
  BulkEmailEntryResults: z.array(
    z.object({
      Status: z.string().optional(),
      Error: z.string().nullish(),
      MessageId: z.string().nullish(),
    }),
  ),
})
const TYPE = '__type'
const errorSchema = z.object({
  message: z.string().optional(),
  Message: z.string().optional(),
  [TYPE]: z.string().optional(),
})

/** The adapter of an account. */
export function ses(account: SesAccount): VendorAdapter<MailMessage> {
  const { baseUrl, region, accessKeyId, secretAccessKey } = account
  return {
    callMax: 50,
    callsMax: 10,
    shareKey: ({ parts }) => [parts.from.name, parts.from.address, parts.replyTo].join('\0'),
    refuse: ({ parts }) =>
      Buffer.byteLength(dataOf(parts)) <= DATA_BYTES_MAX
        ? null
        : {
            kind: 'refused',
            code: 0,
            text: `The mail is larger than the ${DATA_BYTES_MAX} bytes that Amazon SES takes.`,
            verdict: verdict('content', 'too_large'),
            stage: 'content',
          },
    call: (messages, now) => {
      const request = {
        method: 'POST' as const,
        url: `${baseUrl}/v2/email/outbound-bulk-emails`,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(bodyOf(messages, account.configurationSet)),
      }
      const credentials = { accessKeyId, secretAccessKey, region, service: 'ses' }
      return { ...request, headers: signAws(credentials, request, now) }
    },
    read: (messages, answer) => {
      const json = jsonOf(answer)
      const taken = answerSchema.safeParse(json)
      if (answer.status === 200 && taken.success)
        return messages.map((_, index) => {
          const result = taken.data.BulkEmailEntryResults[index]
          return result
            ? wordOf(result.Status ?? 'FAILED', result.Error ?? '', result.MessageId ?? null)
            : { kind: 'unknown', text: 'no result came for this mail' }
        })
      const said = errorSchema.safeParse(json)
      const type = headerOf(answer, 'x-amzn-errortype') ?? (said.success ? (said.data[TYPE] ?? '') : '')
      const text = [type, said.success ? (said.data.message ?? said.data.Message) : ''].join(' ').trim()
      return all(
        messages,
        wordOfError(type, text) ?? wordOfStatus(answer, text || `Amazon SES answers ${answer.status}.`),
      )
    },
  }
}

const dataOf = ({ subject, text, html }: MailMessage['parts']): string =>
  JSON.stringify({ subject, text: joined(text), html: joined(html) })

function bodyOf(messages: readonly MailMessage[], configurationSet: string | null): unknown {
  const [first] = messages
  return {
    FromEmailAddress: first ? mailbox(first.parts.from) : '',
    ...(first?.parts.replyTo ? { ReplyToAddresses: [first.parts.replyTo] } : {}),
    ...(configurationSet === null ? {} : { ConfigurationSetName: configurationSet }),
    DefaultContent: {
      Template: {
        TemplateContent: { Subject: '{{subject}}', Text: '{{text}}', Html: '{{html}}' },
        TemplateData: '{"subject":"","text":"","html":""}',
      },
    },
    BulkEmailEntries: messages.map(({ to, parts }) => ({
      Destination: { ToAddresses: [to] },
      ReplacementTags: [{ Name: TOKEN_KEY, Value: parts.token }],
      ReplacementEmailContent: { ReplacementTemplate: { ReplacementTemplateData: dataOf(parts) } },
      ReplacementHeaders: personalHeaders(parts)
        // SES has one of its own.
        .filter(({ name }) => name !== 'Feedback-ID')
        .map(({ name, value }) => ({ Name: name, Value: value })),
    })),
  }
}

const SUSPENDED: Readonly<Record<string, TroubleKind>> = {
  ACCOUNT_SUSPENDED: 'rejected',
  ACCOUNT_SENDING_PAUSED: 'rejected',
  CONFIGURATION_SET_SENDING_PAUSED: 'rejected',
  CONFIGURATION_SET_NOT_FOUND: 'settings',
  TEMPLATE_NOT_FOUND: 'settings',
  MAIL_FROM_DOMAIN_NOT_VERIFIED: 'sender_refused',
}
/** A day's quota fills again by the hour. */
const QUOTA_MS = 3_600_000

function wordOf(status: string, error: string, id: string | null): VendorWord {
  const text = `${status} ${error}`.trim()
  const trouble = SUSPENDED[status]
  if (trouble) return { kind: 'trouble', trouble, text }
  switch (status) {
    case 'SUCCESS':
      return { kind: 'taken', id }
    case 'ACCOUNT_THROTTLED':
      return { kind: 'wait', forMs: null, text }
    case 'ACCOUNT_DAILY_QUOTA_EXCEEDED':
      return { kind: 'wait', forMs: QUOTA_MS, text }
    case 'TRANSIENT_FAILURE':
    case 'FAILED':
      return {
        kind: 'refused',
        code: 400,
        text,
        verdict: verdict('busy', 'receiver_unavailable'),
        stage: 'content',
      }
    case 'INVALID_PARAMETER':
      return /address|recipient|domain/i.test(error)
        ? { kind: 'refused', code: 400, text, verdict: verdict('hard', 'invalid_recipient') }
        : { kind: 'refused', code: 400, text, verdict: verdict('content', 'rejected'), stage: 'content' }
    default:
      return { kind: 'refused', code: 400, text, verdict: verdict('block', 'rejected'), stage: 'content' }
  }
}

/** By the name of the exception, which Amazon gives in a header or in the body. */
function wordOfError(type: string, text: string): VendorWord | null {
  if (/TooManyRequests|Throttling|LimitExceeded/.test(type)) return { kind: 'wait', forMs: null, text }
  if (/AccountSuspended|SendingPaused/.test(type)) return { kind: 'trouble', trouble: 'rejected', text }
  if (/MailFromDomainNotVerified|MessageRejected.*not verified/.test(`${type} ${text}`))
    return { kind: 'trouble', trouble: 'sender_refused', text }
  if (/NotFound/.test(type)) return { kind: 'trouble', trouble: 'settings', text }
  if (
    /UnrecognizedClient|InvalidClientToken|SignatureDoesNotMatch|AccessDenied|IncompleteSignature|ExpiredToken/.test(
      type,
    )
  )
    return { kind: 'trouble', trouble: 'auth', text }
  return null
}
