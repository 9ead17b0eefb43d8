/**
 * Understands a mail that came back: a bounce with its recipients and why, a complaint, a note that it arrived, an
 * automatic answer, or nothing of the kind. Standard reports by their fields, all others by their words.
 * Source: RFC 3464, RFC 3834, RFC 5965; compliance report §1.3, §1.4
 */
import { z } from 'zod'
import { judgeReport } from '../../channels/email/replies.ts'
import type { RefusalStage } from '../../channels/outcome.ts'
import { addressIn, readStatusGroups, type StatusGroup } from './delivery-status.ts'
import { aboutFailure, mentionsIn, tellingText, type Mention } from './free-text.ts'
import { header, readHeaders, readMailParts, walk, type MailPart } from './mail-parts.ts'
import { OWN_MESSAGE_ID, type FailedRecipient, type Report, type ReportedMessage } from './report.ts'

/** Recipients of one report that are read. */
const RECIPIENTS_MAX = 500

/** Reads a mail. Never throws: whatever it is, it came from outside. */
export function readReport(source: Buffer): Report {
  const mail = readMailParts(source)
  const about = messageOf(mail)
  return (
    readComplaint(mail, about) ?? readNotification(mail, about) ?? readBounce(mail, about) ?? readAnswer(mail)
  )
}

// Complaints ---------------------------------------------------------------------------------------------------------

function readComplaint(mail: MailPart, about: ReportedMessage): Report | null {
  const part = [...walk(mail)].find(({ type }) => type === 'message/feedback-report')
  const isDeclared = mail.parameters.get('report-type')?.toLowerCase() === 'feedback-report'
  if (part || isDeclared) {
    const fields = readHeaders(part?.text ?? textOf(mail))
    const feedbackType = (fields.get('feedback-type')?.[0] ?? 'abuse').toLowerCase()
    const named = [...(fields.get('original-rcpt-to') ?? []), ...(fields.get('removal-recipient') ?? [])]
    return { kind: 'complaint', feedbackType, recipients: addressesIn(named, mail), about }
  }
  // Apple's button sends a mail in the reader's name: an objection to being written to, not a complaint about it.
  if (mail.headers.has('x-apple-unsubscribe'))
    return {
      kind: 'complaint',
      feedbackType: 'opt-out',
      recipients: addressesIn([header(mail, 'from')], mail),
      about,
    }
  // Some providers forward the mail with a sentence and a header of their own (RFC 5965 predates none of them).
  const isForwarded =
    /^(?:staff@hotmail\.com|complaints@email-abuse\.amazonses\.com|.*feedback-?loop@|fbl[@-]|abuse-?report)/i.test(
      addressIn(header(mail, 'from')) ?? '',
    ) || mail.headers.has('x-hmxmroriginalrecipient')
  if (!isForwarded) return null
  return {
    kind: 'complaint',
    feedbackType: 'abuse',
    recipients: addressesIn(mail.headers.get('x-hmxmroriginalrecipient') ?? [], mail),
    about,
  }
}

/** Addresses that a report names; where it names none, those that the returned message was for. */
function addressesIn(named: readonly string[], mail: MailPart): string[] {
  const found = named.flatMap((value) => addressIn(value) ?? [])
  const known =
    found.length > 0 ? found : (returnedHeaders(mail).get('to') ?? []).flatMap((to) => addressIn(to) ?? [])
  return [...new Set(known)].slice(0, RECIPIENTS_MAX)
}

// Notifications ------------------------------------------------------------------------------------------------------

/** A provider's own notification that somebody had sent to a mailbox: the same JSON as its webhook brings. */
const notificationSchema = z.object({
  notificationType: z.enum(['Bounce', 'Complaint', 'Delivery']),
  mail: z.object({ commonHeaders: z.object({ messageId: z.string().optional() }).optional() }),
  bounce: z
    .object({
      bouncedRecipients: z.array(
        z.object({
          emailAddress: z.string(),
          status: z.string().optional(),
          diagnosticCode: z.string().optional(),
        }),
      ),
    })
    .optional(),
  complaint: z
    .object({
      complainedRecipients: z.array(z.object({ emailAddress: z.string() })),
      complaintFeedbackType: z.string().optional(),
    })
    .optional(),
  delivery: z.object({ recipients: z.array(z.string()) }).optional(),
})

function readNotification(mail: MailPart, about: ReportedMessage): Report | null {
  const text = textOf(mail)
  if (!text.includes('notificationType')) return null
  const found = notificationSchema.safeParse(unwrapped(text))
  if (!found.success) return null
  const { bounce, complaint, delivery } = found.data
  if (bounce)
    return {
      kind: 'bounce',
      failed: bounce.bouncedRecipients
        .slice(0, RECIPIENTS_MAX)
        .map(({ emailAddress, status, diagnosticCode }) =>
          judged({
            address: emailAddress,
            own: (diagnosticCode ?? '').replace(/^\w+; /, ''),
            context: '',
            status: status ?? null,
            isFinal: true,
          }),
        ),
      about,
    }
  if (complaint)
    return {
      kind: 'complaint',
      feedbackType: complaint.complaintFeedbackType ?? 'abuse',
      recipients: complaint.complainedRecipients.map(({ emailAddress }) => emailAddress),
      about,
    }
  return { kind: 'delivered', recipients: delivery?.recipients ?? [], about }
}

/** The notification, alone or inside its envelope; line breaks that mail put into it are no part of it. */
function unwrapped(text: string): unknown {
  const json = /\{[\s\S]*\}/.exec(text)?.[0].replaceAll('\n', '') ?? ''
  const outer = parsed(json)
  const envelope = z.object({ Message: z.string() }).safeParse(outer)
  return envelope.success ? parsed(envelope.data.Message) : outer
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

// Bounces ------------------------------------------------------------------------------------------------------------

function readBounce(mail: MailPart, about: ReportedMessage): Report | null {
  const text = aboutFailure(textOf(mail))
  const groups = statusGroupsOf(mail)
  if (groups.length > 0) return readGroups(groups, text, about)
  if (!looksLikeBounce(mail, text)) return null
  const failed = mentionsOf(mail, text)
    .slice(0, RECIPIENTS_MAX)
    .map(({ address, text: own, context }) =>
      judged({ address, own, context, status: null, isFinal: !GOES_ON.test(text) }),
    )
  return { kind: 'bounce', failed, about }
}

/** Of the part that is made for it; else wherever such fields are quoted: in a forwarded report, in a text. */
function statusGroupsOf(mail: MailPart): StatusGroup[] {
  const declared = [...walk(mail)]
    .filter(({ type }) => /^message\/(?:global-)?delivery-status$/.test(type))
    .flatMap((part) => readStatusGroups(part.text))
  if (declared.length > 0) return declared
  for (const part of walk(mail)) {
    const quoted = readStatusGroups(part.text).filter((group) => group.action !== '' || group.status !== '')
    if (quoted.length > 0) return quoted
  }
  return []
}

function readGroups(groups: readonly StatusGroup[], text: string, about: ReportedMessage): Report {
  const isDelivered = (group: StatusGroup): boolean =>
    /^(?:delivered|relayed|expanded)$/.test(group.action) ||
    (group.action === '' && group.status.startsWith('2.'))
  if (groups.every(isDelivered))
    return { kind: 'delivered', recipients: groups.flatMap(({ address }) => address ?? []), about }
  const failed = groups
    .filter((group) => !isDelivered(group))
    .map((group) => {
      const said =
        groups.length === 1 || group.address === null ? text : (saidAbout(text, group.address, groups) ?? '')
      return judged({
        address: group.address,
        own: `${group.diagnostic} ${group.comment}`,
        context: said,
        status: /[245]\.\d{1,3}\.\d{1,3}/.exec(group.status)?.[0] ?? null,
        isFinal: group.action !== 'delayed',
      })
    })
  return { kind: 'bounce', failed, about }
}

/** The human part's words about an address, up to the next one: they often hold the command that the fields leave out. */
function saidAbout(text: string, address: string, all: readonly { address: string | null }[]): string | null {
  const lower = text.toLowerCase()
  const at = lower.indexOf(address.toLowerCase())
  if (at < 0) return null
  const ends = all
    .map((other) =>
      other.address === null || other.address === address
        ? -1
        : lower.indexOf(other.address.toLowerCase(), at),
    )
    .filter((end) => end > at)
  return text.slice(at, Math.min(at + SAID_MAX, ...ends))
}
const SAID_MAX = 1_500

function mentionsOf(mail: MailPart, text: string): Mention[] {
  const declared = (mail.headers.get('x-failed-recipients') ?? [])
    .flatMap((value) => value.split(','))
    .flatMap((value) => addressIn(value) ?? [])
  const others = new Set(
    ['from', 'to', 'return-path', 'x-original-to', 'delivered-to', 'reply-to', 'sender']
      .flatMap((name) => mail.headers.get(name) ?? [])
      .flatMap((value) => addressIn(value)?.toLowerCase() ?? []),
  )
  const mentions = mentionsIn(text, others)
  if (declared.length === 0) return mentions
  const all = declared.map((address) => ({ address }))
  return declared.map(
    (address) =>
      mentions.find((mention) => mention.address?.toLowerCase() === address.toLowerCase()) ?? {
        address,
        text: declared.length === 1 ? text : (saidAbout(text, address, all) ?? text),
        context: text,
      },
  )
}

/** A report names itself in several ways, none of which all of them use: two signs make one. */
function looksLikeBounce(mail: MailPart, text: string): boolean {
  if (mail.headers.has('x-failed-recipients')) return true
  const isReport = mail.type === 'multipart/report'
  const isDaemon = DAEMON.test(header(mail, 'from')) || mail.headers.has('x-mlserver')
  const isNull = /^<?\s*>?$|mailer-daemon/i.test(mail.headers.get('return-path')?.[0] ?? 'unknown')
  const isSubject = SUBJECT.test(header(mail, 'subject'))
  const isText = FAILURE.test(text)
  // Somebody forwarded a report: its own words and its subject tell.
  const isForwarded = isSubject && isText && /^(?:fwd?|wg|tr|rv):/i.test(header(mail, 'subject'))
  // An answering machine has an empty return path too, and may well say that it cannot be reached.
  if (!isDaemon && !isReport && readAnswer(mail).kind === 'auto_reply') return false
  return isForwarded || (isDaemon && (isSubject || isText)) || ((isReport || isNull) && isText)
}

const DAEMON =
  /mailer-?daemon|post_?master|mail deliver\w*|delivery (?:sub)?system|delivery (?:agent|status)|(?:mail|system|network) administrator|mailadmin|mail ?system|mailmaster|(?:^|[<\s"])(?:root|no-?reply|bounces?|mdaemon|uucp|mmdf)@|^<?>?$/i
const SUBJECT =
  /undeliver|deliver|return(?:ed|ing)|failure|bounce|rejected|non[- ]remis|échec|nicht zugestellt|unzustellbar|could not|warning|error|notice|problem|failed|not accepted|unable|loop alert|unknown user|user unknown|out of quota/i

/** What every report says in one way or another. */
const FAILURE =
  /error delivering|is delayed|duplicated message-id|account is disabled|undeliver|not? be(?:en)? delivered|(?:un|not )able to deliver|could ?n[o']t (?:be )?deliver|delivery (?:has )?(?:failed|error|to the following|problems?|notification|status)|delivery errors?|failed (?:permanently|address|to deliver|recipient)|(?:the )?following address(?:es)? (?:failed|had)|did not reach|was not delivered|permanent (?:fatal )?errors?|fatal errors?|failure (?:reasons?|notice)|returned (?:mail|message|to sender)|user unknown|unknown (?:user|recipient)|no such user|mailbox (?:is )?full|rejected|unrouteable|giving up|given up|[45]\d\d[ -](?:[45]\.\d+\.\d+|[A-Z<])|(?:error|message) (?:below|could)|can(?:'|no)t (?:be )?(?:deliver|sent|send)|not exist|not listed in|error:/i

// What was said -------------------------------------------------------------------------------------------------------

interface Said {
  address: string | null
  /** What was said about this recipient. */
  own: string
  /** What else the report says. */
  context: string
  status: string | null
  isFinal: boolean
}

/** Words by which a system says that it has not given up. */
const GOES_ON =
  /warning message only|do not need to resend|still undelivered|will (?:keep|be|continue)[^.\n]{0,30}(?:try|retr)|only a temporary failure|(?:is|been) delayed|will be retried/i

function judged({ address, own, context, status, isFinal }: Said): FailedRecipient {
  const text = own.trim() === '' ? context : own
  const stage = stageIn(own) ?? stageIn(context)
  const enhanced = enhancedIn(text) ?? (isGeneral(status) ? enhancedIn(context) : null)
  const code = codeIn(text) || codeIn(context)
  return {
    address,
    code,
    enhanced: enhanced ?? status,
    text: text.replaceAll(/\s+/g, ' ').trim().slice(0, TEXT_MAX),
    stage,
    isFinal,
    verdict: judgeReport({
      code,
      enhanced,
      status,
      stage,
      texts: [quotedReply(own), own, context].map(tellingText),
    }),
  }
}
const isGeneral = (status: string | null): boolean => status === null || /^[45]\.\d\.0$/.test(status)

/** From the first code on: before it, programs introduce the server; behind it stand the server's words. */
const quotedReply = (text: string): string =>
  /(?<![\d.\w@-])[45]\d\d[ \-=:#][\s\S]*|(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)[\s\S]*/.exec(
    text,
  )?.[0] ?? ''
const TEXT_MAX = 1_000

/** An enhanced code that is no IP address and no version. The last one that differs from a general one wins. */
function enhancedIn(text: string): string | null {
  const codes = [...text.matchAll(/(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)/g)].map(
    (match) => match[1] ?? '',
  )
  return codes.find((code) => !/^[45]\.(?:0\.0|\d\.0)$/.test(code)) ?? codes[0] ?? null
}

function codeIn(text: string): number {
  return Number(/(?<![\d.\w@-])([45]\d\d)(?=[ \-=:,]|$)(?![ -]*bytes)/.exec(text)?.[1] ?? 0)
}

/** At which command the server refused, where the report tells. */
function stageIn(text: string): RefusalStage | null {
  // A pipelined DATA was answered because no recipient was left.
  const isPipelined =
    /503[ -][^\n]{0,40}(?:need rcpt|rcpt first|valid rcpt)|no (?:valid )?recipients|pipelined/i.test(text)
  const at = (commands: string): boolean =>
    new RegExp(
      `(?:\\b(?:in reply to|(?:following|after|at|during|response to|command:?)(?: the| an?)?|end of|our)|>>>|<<<)\\s*\\b(?:end of\\s+)?(?:initial\\s+)?(?:${commands})\\b|\\bsmtp command\\W+(?:${commands})\\b`,
      'i',
    ).test(text)
  if (at('DATA') && !isPipelined) return 'content'
  if (
    isPipelined ||
    at('RCPT(?: TO)?') ||
    /rcpt to:|\[rcpt_to\]|does not like recipient|recipient (?:address )?rejected|rejected recipient/i.test(
      text,
    )
  )
    return 'recipient'
  if (
    at('MAIL|EHLO|HELO|connect') ||
    /does not like (?:sender|me)|my name was rejected|sender was rejected|refused to talk/i.test(text)
  )
    return 'sender'
  return null
}

// Answers ------------------------------------------------------------------------------------------------------------

function readAnswer(mail: MailPart): Report {
  const isAnswer =
    /^auto-replied/i.test(header(mail, 'auto-submitted')) ||
    /^auto_reply$/i.test(header(mail, 'precedence')) ||
    ['x-autoreply', 'x-autorespond', 'x-auto-reply'].some((name) => mail.headers.has(name)) ||
    /VACATION/i.test(header(mail, 'x-apple-action')) ||
    /^\s*(?:auto(?:matic|mated)?[ -]?(?:reply|response|respon[ds]er)|out of (?:the )?office|vacation|auto:|réponse automatique|absence|automatische antwort|abwesenheit|respuesta automática)/i.test(
      header(mail, 'subject'),
    )
  if (isAnswer) return { kind: 'auto_reply' }
  const messageIds = ['in-reply-to', 'references']
    .flatMap((name) => (mail.headers.get(name) ?? []).flatMap(idsIn).toReversed())
    .filter((id) => OWN_MESSAGE_ID.test(id))
  return messageIds.length === 0
    ? { kind: 'nothing' }
    : {
        kind: 'reply',
        messageIds: [...new Set(messageIds)].slice(0, ANSWERED_MAX),
        ownId: idsIn(header(mail, 'message-id'))[0] ?? null,
        firstLine: firstLineOf(textOf(mail)),
      }
}

/** Messages that one mail names as answered which are looked at. */
const ANSWERED_MAX = 10
const idsIn = (value: string): string[] => [...value.matchAll(/<([^<>\s]+)>/g)].map((match) => match[1] ?? '')

/** What somebody says before they quote. */
const firstLineOf = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '' && !line.startsWith('>')) ?? ''

// Which message ------------------------------------------------------------------------------------------------------

function messageOf(mail: MailPart): ReportedMessage {
  const messageId = /<([^<>\s]+)>/.exec(returnedHeaders(mail).get('message-id')?.[0] ?? '')?.[1] ?? null
  const sentTo = ['to', 'x-original-to', 'delivered-to', 'envelope-to', 'x-envelope-to']
    .flatMap((name) => mail.headers.get(name) ?? [])
    .flatMap((value) => addressIn(value) ?? [])
  return { messageId, sentTo: [...new Set(sentTo)] }
}

/** The headers of the message that came back, as an own part or as text at the end. */
function returnedHeaders(mail: MailPart): ReadonlyMap<string, readonly string[]> {
  const part = [...walk(mail)].find(({ type }) =>
    /^(?:message\/(?:rfc822|global)|text\/rfc822-headers)/.test(type),
  )
  if (part) return readHeaders(part.text.split('\n\n')[0] ?? '')
  const text = textOf(mail)
  return readHeaders(text.slice(aboutFailure(text).length))
}

/** What people read: all texts, the returned message left out where it is a part of its own. */
function textOf(mail: MailPart): string {
  const texts = [...walk(mail)].filter(
    ({ type, parts, headers }) =>
      parts.length === 0 &&
      // A multipart without parts has boundaries that fit nothing: its text stands there whole.
      /^(?:text|multipart)\//.test(type) &&
      type !== 'text/rfc822-headers' &&
      !/^attachment/i.test(header({ headers }, 'content-disposition')),
  )
  const plain = texts.filter(({ type }) => type !== 'text/html')
  return (plain.length > 0 ? plain : texts)
    .map(({ type, text }) => (type === 'text/html' ? withoutTags(text) : text))
    .join('\n\n')
}

const withoutTags = (html: string): string =>
  html
    .replaceAll(/<(?:style|script)\b[\s\S]*?<\/(?:style|script)>/gi, ' ')
    .replaceAll(/<(?:br|\/p|\/div|\/tr|\/li)\b[^>]*>/gi, '\n')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&amp;', '&')
