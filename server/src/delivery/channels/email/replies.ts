/**
 * What a refusal means: whom it is about and what follows from it. Data first, so that a rule can be read, cited
 * and added without touching code. Bounce mails (RFC 3464) carry the same codes and are judged by the same table.
 * Order: the limit of our own account → enhanced code → the words that providers use → the SMTP code → soft.
 */
import type { ProviderReply, RefusalClass, RefusalStage, Verdict } from '../outcome.ts'
import {
  AUTHENTICATION,
  CONTENT,
  EXPIRED,
  FILTERED,
  INACTIVE_MAILBOX,
  INVALID_RECIPIENT,
  isAccountLimit,
  MAILBOX_FULL,
  MOVED,
  NO_MAIL_HERE,
  NO_SUCH_HOST,
  POLICY,
  QUOTA,
  SENDER,
  SLOWED,
  SUSPENDED_MAILBOX,
  SYSTEM,
  TOO_LARGE,
  UNKNOWN,
  WORD_RULES,
} from './reply-words.ts'

/** Is it our account that a refusal is about, until a limit of it opens again? */
export const isOwnQuota = (said: Verdict): boolean => said.reason === QUOTA.reason

/** What a reply says about whom. */
export interface Meaning {
  class: RefusalClass
  reason: string
}

/**
 * By subject and detail of the enhanced code (RFC 3463 and the IANA registry); the class digit says only whether it
 * may pass. `x.7.x` without an own line is policy.
 */
const BY_ENHANCED: Readonly<Record<string, Meaning>> = {
  '1.1': INVALID_RECIPIENT,
  '1.2': INVALID_RECIPIENT,
  '1.3': INVALID_RECIPIENT,
  '1.4': INVALID_RECIPIENT,
  '1.6': INVALID_RECIPIENT,
  '1.10': INVALID_RECIPIENT,
  '1.7': SENDER,
  '1.8': SENDER,
  '1.9': CONTENT,
  '2.0': UNKNOWN,
  '2.1': INACTIVE_MAILBOX,
  '2.2': MAILBOX_FULL,
  '2.3': TOO_LARGE,
  '2.4': SYSTEM,
  '3.1': SYSTEM,
  '3.2': SYSTEM,
  '3.3': CONTENT,
  '3.4': TOO_LARGE,
  '3.5': SYSTEM,
  '4.1': SYSTEM,
  '4.2': SYSTEM,
  '4.3': SYSTEM,
  '4.4': SYSTEM,
  '4.5': SYSTEM,
  '4.6': SYSTEM,
  '4.7': EXPIRED,
  '5.1': SYSTEM,
  '5.3': SLOWED,
  '6.0': CONTENT,
  '6.1': CONTENT,
  '6.2': CONTENT,
  '6.3': CONTENT,
  '6.5': CONTENT,
  '6.6': CONTENT,
  '6.7': INVALID_RECIPIENT,
  '7.0': POLICY,
  '7.1': POLICY,
  '7.13': INACTIVE_MAILBOX,
  '7.20': AUTHENTICATION,
  '7.21': AUTHENTICATION,
  '7.22': AUTHENTICATION,
  '7.23': AUTHENTICATION,
  '7.24': AUTHENTICATION,
  '7.25': AUTHENTICATION,
  '7.26': AUTHENTICATION,
  '7.27': SENDER,
  '7.28': SLOWED,
  '7.8': SENDER,
  '7.515': AUTHENTICATION,
}

/** The same codes at second hand: some are written by relays for want of a better one. */
const REPORTED: Readonly<Record<string, Meaning>> = {
  ...BY_ENHANCED,
  '1.2': NO_SUCH_HOST,
  '1.6': MOVED,
  '1.10': NO_MAIL_HERE,
  '2.1': SUSPENDED_MAILBOX,
  '7.13': SUSPENDED_MAILBOX,
  '5.0': SYSTEM,
}

/** When neither says more. At RCPT a 550 is about the recipient; later it is about the mail or about us. */
const BY_CODE: Readonly<Record<number, Meaning>> = {
  421: SYSTEM,
  450: SYSTEM,
  451: SYSTEM,
  452: SYSTEM,
  454: SYSTEM,
  530: SENDER,
  535: SENDER,
  552: MAILBOX_FULL,
}

/**
 * Classifies a refusal that a server gave us.
 * Source: compliance report §1.3; PC-19, PC-20, PC-21.
 */
export function judgeRefusal(reply: ProviderReply, stage: RefusalStage): Verdict {
  return verdictOf(meaningOf(reply, stage), reply, stage)
}

function verdictOf(meaning: Meaning, reply: ProviderReply, stage: RefusalStage): Verdict {
  const mayPass = reply.code >= 400 && reply.code < 500
  return {
    ...meaning,
    class: classOf(meaning, mayPass, stage),
    isRetried: mayPass || meaning === MAILBOX_FULL,
  }
}

function meaningOf(reply: ProviderReply, stage: RefusalStage): Meaning {
  if (isAccountLimit(reply)) return QUOTA
  const exact =
    reply.enhanced === null ? undefined : BY_ENHANCED[reply.enhanced.slice(reply.enhanced.indexOf('.') + 1)]
  // 7.1 and 7.0 are what servers say when they mean anything at all: their words know better.
  if (exact && exact !== POLICY && exact !== UNKNOWN) return exact
  if (stage === 'sender' && reply.code >= 500) return SENDER
  if (SLOWS_US.test(reply.text)) return SLOWED
  const said = saidIn(reply.text)
  // Heard from the server itself, on whatever day: the research holds such an address for gone.
  if (said) return said === SUSPENDED_MAILBOX ? INACTIVE_MAILBOX : said
  if (exact) return exact
  if (reply.enhanced !== null && /^[45]\.7\./.test(reply.enhanced)) return POLICY
  const byCode = BY_CODE[reply.code]
  if (byCode) return byCode
  if (stage === 'recipient' && (reply.code === 550 || reply.code === 551 || reply.code === 553))
    return INVALID_RECIPIENT
  if (stage === 'content' && reply.code >= 500) return CONTENT
  return UNKNOWN
}

/** Words that ask for patience: they come first when the server can be asked again. */
const SLOWS_US = /\bTSS?0[1-4]\b|temporarily deferred|rate.?limit|throttl|try again later|gr[ea]ylist/i

const saidIn = (text: string): Meaning | undefined =>
  WORD_RULES.find(({ pattern }) => pattern.test(text))?.meaning

/** A reply as a mail reports it. */
export interface ReportedReply extends Omit<ProviderReply, 'text'> {
  /** What the reporting system made of it. */
  status: string | null
  /** At which command the server refused; null when the mail does not tell. */
  stage: RefusalStage | null
  /**
   * Where words are looked for, in this order: what the server is quoted with, what is said about this recipient,
   * what else the mail says. The last is read only when no code says anything.
   */
  texts: readonly string[]
}

/**
 * Classifies a refusal that a mail reports. The words come first: codes in such mails are often those of a relay
 * that had to write something. Nothing is tried again, so even a refusal for now may say that an address is gone.
 * Source: RFC 3464; compliance report §1.3
 */
export function judgeReport(reply: ReportedReply): Verdict {
  return { ...meaningOfReport(reply), isRetried: false }
}

function meaningOfReport(reply: ReportedReply): Meaning {
  const exact = exactly(reply.enhanced) ?? exactly(reply.status)
  const said = wordsOf(reply, exact)
  // The code says "takes no mail", the words "unknown": a filter speaks, unless it was at the recipient's own command.
  if (said === INVALID_RECIPIENT && exact === SUSPENDED_MAILBOX && reply.stage !== 'recipient')
    return FILTERED
  if (said === INVALID_RECIPIENT)
    return exact === INVALID_RECIPIENT || isAboutAddress(reply) ? said : FILTERED
  // Refused before any recipient was named: an unknown name is ours.
  if (reply.stage === 'sender' && said?.class === 'hard') return SENDER
  // "Inactive" beside the code for an address that does not exist.
  if (said === SUSPENDED_MAILBOX && exact === INVALID_RECIPIENT) return INVALID_RECIPIENT
  // A name that could not be found today, says a status that may pass.
  if ((said === NO_SUCH_HOST || said === NO_MAIL_HERE) && mayPass(reply)) return SYSTEM
  if (said) return said
  if (exact) return exact
  if (reply.stage === 'sender') return SENDER
  return BY_CODE[reply.code] ?? UNKNOWN
}

function wordsOf({ texts }: ReportedReply, exact: Meaning | undefined): Meaning | undefined {
  const isTold = exact !== undefined && exact !== UNKNOWN && exact !== SYSTEM && exact !== EXPIRED
  for (const text of isTold ? texts.slice(0, -1) : texts) {
    const said = saidIn(text)
    if (said) return said
  }
  return undefined
}

const mayPass = ({ code, enhanced, status }: ReportedReply): boolean =>
  (enhanced ?? status)?.startsWith('4') ?? (code >= 400 && code < 500)

/** "Unknown user" after the mail itself was sent is a filter's word, and so is one that no system put a status to. */
function isAboutAddress({ stage, status, enhanced, code, texts }: ReportedReply): boolean {
  if (stage === 'content') return !texts.some((text) => PLAINLY_UNKNOWN.test(text))
  if (stage === 'recipient' || enhanced !== null || code === 0) return true
  // A reply that names nobody, under a status that says nothing.
  return status !== null && (!/^5\.0\.0$/.test(status) || texts[0]?.includes('@') === true)
}

const PLAINLY_UNKNOWN = /unknown user|user unknown|no such user|user not (?:exist|found|known)/i

function exactly(enhanced: string | null): Meaning | undefined {
  return enhanced === null ? undefined : REPORTED[enhanced.slice(enhanced.indexOf('.') + 1)]
}

/** An address that is refused for now is not gone; a sender that is refused for now is a busy server. */
function classOf(meaning: Meaning, mayPass: boolean, stage: RefusalStage): RefusalClass {
  if (!mayPass || meaning === QUOTA) return meaning.class
  if (meaning.class === 'hard') return 'soft'
  return meaning.class === 'configuration' && stage !== 'sender' ? 'soft' : meaning.class
}
